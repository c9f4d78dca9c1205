#include "core/interactions/line_parser.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/types/optional.h"
#include "core/interactions/adjacency_parser.h"
#include "core/interactions/delimited.h"
#include "core/interactions/delimited_parser.h"
#include "core/interactions/json_parser.h"

namespace ridgeline {

std::unique_ptr<LineParser> MakeLineParser(InteractionFormat format, absl::Time default_time) {
  switch (format) {
    case InteractionFormat::kTsv:
      return std::make_unique<DelimitedParser>(Separator::kTab, default_time);
    case InteractionFormat::kMovieLens:
      return std::make_unique<DelimitedParser>(Separator::kDoubleColon, default_time);
    case InteractionFormat::kAdjacency:
      return std::make_unique<AdjacencyParser>(default_time);
    case InteractionFormat::kJsonLines:
      return std::make_unique<JsonParser>(default_time);
    default:
      return std::make_unique<DelimitedParser>(Separator::kComma, default_time);
  }
}

absl::StatusOr<InteractionFormat> DetectFormat(absl::string_view first_line) {
  if (absl::StartsWith(absl::StripLeadingAsciiWhitespace(first_line), "{"))
    return InteractionFormat::kJsonLines;
  const absl::optional<Separator> separator = FindSeparator(first_line);
  if (!separator.has_value()) {
    return absl::InvalidArgumentError(
        "the format cannot be told (no comma, tab, '::' or '{'); name it, as an adjacency list must be");
  }
  switch (*separator) {
    case Separator::kTab:
      return InteractionFormat::kTsv;
    case Separator::kDoubleColon:
      return InteractionFormat::kMovieLens;
    default:
      return InteractionFormat::kCsv;
  }
}

}  // namespace ridgeline
