#include "core/interactions/interaction_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/interactions/bad_lines.h"
#include "core/interactions/file_parser.h"
#include "core/interactions/line_source.h"

namespace ridgeline {
namespace {

struct FormatName {
  absl::string_view name;
  InteractionFormat format;
};

constexpr FormatName kFormatNames[] = {
    {"auto", InteractionFormat::kAuto},
    {"csv", InteractionFormat::kCsv},
    {"tsv", InteractionFormat::kTsv},
    {"movielens", InteractionFormat::kMovieLens},
    {"adjacency", InteractionFormat::kAdjacency},
    {"jsonl", InteractionFormat::kJsonLines},
};

// One reading of one file.
class Reading {
 public:
  Reading(const std::string& path, const InteractionReaderOptions& options, const InteractionSink& sink)
      : path_(path), sink_(sink), bad_lines_(path, options.max_bad_lines), parser_(options) {}

  absl::StatusOr<ReadReport> Run() {
    RIDGELINE_ASSIGN_OR_RETURN(LineSource lines, LineSource::Open(path_));
    while (true) {
      RIDGELINE_ASSIGN_OR_RETURN(const absl::optional<absl::string_view> line, lines.Next());
      if (!line.has_value()) break;
      report_.lines = lines.line_number();
      if (!line->empty()) RIDGELINE_RETURN_IF_ERROR(TakeLine(*line));
    }
    report_.format = parser_.format();
    report_.bytes = lines.stored_bytes();
    report_.bad_lines = bad_lines_.count();
    report_.bad_line_messages = bad_lines_.messages();
    return std::move(report_);
  }

 private:
  absl::Status TakeLine(absl::string_view line) {
    const absl::Status found = parser_.FindFormat(line);
    if (!found.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(path_, ":", report_.lines, ": ", found.message()));
    }
    const absl::Status parsed = parser_.Parse(line);
    if (!parsed.ok()) return bad_lines_.Add(report_.lines, parsed);
    for (const InteractionView& interaction : parser_.interactions()) {
      RIDGELINE_RETURN_IF_ERROR(sink_(ToInteraction(interaction)));
    }
    report_.interactions += static_cast<int64_t>(parser_.interactions().size());
    return absl::OkStatus();
  }

  const std::string& path_;
  const InteractionSink& sink_;
  BadLines bad_lines_;
  ReadReport report_;
  FileParser parser_;
};

}  // namespace

absl::StatusOr<InteractionFormat> ParseInteractionFormat(absl::string_view name) {
  for (const FormatName& candidate : kFormatNames) {
    if (name == candidate.name) return candidate.format;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("format: must be auto, csv, tsv, movielens, adjacency or jsonl, got '", name, "'"));
}

absl::StatusOr<ReadReport> ReadInteractions(const std::string& path, const InteractionReaderOptions& options,
                                            const InteractionSink& sink) {
  return Reading(path, options, sink).Run();
}

}  // namespace ridgeline
