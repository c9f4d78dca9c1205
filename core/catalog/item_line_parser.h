#ifndef RIDGELINE_CORE_CATALOG_ITEM_LINE_PARSER_H_
#define RIDGELINE_CORE_CATALOG_ITEM_LINE_PARSER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/catalog/item.h"

namespace ridgeline {

/// Turns the lines of one file, in order, into items. Thread-compatible.
class ItemLineParser {
 public:
  virtual ~ItemLineParser() = default;

  /// The item of the next line, not validated yet; nullopt for a header. kInvalidArgument with the reason
  /// when the line is bad; the lines after it can still be parsed.
  virtual absl::StatusOr<absl::optional<Item>> Parse(absl::string_view line) = 0;
};

/// The parser for files whose first non-empty line is `first_line`.
std::unique_ptr<ItemLineParser> MakeItemLineParser(absl::string_view first_line);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_CATALOG_ITEM_LINE_PARSER_H_
