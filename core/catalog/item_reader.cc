#include "core/catalog/item_reader.h"

#include <memory>
#include <utility>

#include "absl/types/optional.h"
#include "core/base/status_macros.h"
#include "core/catalog/item_line_parser.h"
#include "core/interactions/bad_lines.h"
#include "core/interactions/line_source.h"

namespace ridgeline {
namespace {

// The item of one line, validated; nullopt for a header.
absl::StatusOr<absl::optional<Item>> ParseItem(absl::string_view line, ItemLineParser& parser) {
  RIDGELINE_ASSIGN_OR_RETURN(absl::optional<Item> item, parser.Parse(line));
  if (item.has_value()) RIDGELINE_RETURN_IF_ERROR(ValidateItem(*item));
  return item;
}

}  // namespace

absl::StatusOr<ItemReadReport> ReadItems(const std::string& path, const ItemReaderOptions& options,
                                         const ItemSink& sink) {
  RIDGELINE_ASSIGN_OR_RETURN(LineSource lines, LineSource::Open(path));
  BadLines bad_lines(path, options.max_bad_lines);
  std::unique_ptr<ItemLineParser> parser;  // made at the first non-empty line
  ItemReadReport report;
  while (true) {
    RIDGELINE_ASSIGN_OR_RETURN(const absl::optional<absl::string_view> line, lines.Next());
    if (!line.has_value()) break;
    if (line->empty()) continue;
    if (parser == nullptr) parser = MakeItemLineParser(*line);
    absl::StatusOr<absl::optional<Item>> item = ParseItem(*line, *parser);
    if (!item.ok()) {
      RIDGELINE_RETURN_IF_ERROR(bad_lines.Add(lines.line_number(), item.status()));
    } else if (item->has_value()) {
      RIDGELINE_RETURN_IF_ERROR(sink(*std::move(*item)));
      ++report.items;
    }
  }
  report.lines = lines.line_number();
  report.bytes = lines.stored_bytes();
  report.bad_lines = bad_lines.count();
  report.bad_line_messages = bad_lines.messages();
  return report;
}

}  // namespace ridgeline
