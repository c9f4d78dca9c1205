#ifndef RIDGELINE_CORE_CATALOG_ITEM_READER_H_
#define RIDGELINE_CORE_CATALOG_ITEM_READER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/catalog/item.h"

namespace ridgeline {

struct ItemReaderOptions {
  /// How many unreadable lines are skipped, and reported, before reading fails.
  int64_t max_bad_lines = 0;
};

/// What a reading found.
struct ItemReadReport {
  int64_t lines = 0;
  int64_t items = 0;
  int64_t bytes = 0;  ///< of the file, as stored
  int64_t bad_lines = 0;
  std::vector<std::string> bad_line_messages;  ///< "FILE:LINE: why", the first 10
};

/// Takes one item; a status other than OK ends the reading and is returned by it.
using ItemSink = std::function<absl::Status(Item&&)>;

/// Reads `path`, plain or compressed, and hands every item, validated, to `sink` in file order. Three kinds
/// of line are told apart by the first one:
///   id,title,tags                  commas or tabs, tags separated by |; a header may name and order the
///   columns
///                                  (id, item_id, movieId; title, name; tags, genres; available)
///   id::title::tags                MovieLens; text that is not UTF-8 is taken as ISO 8859-1, as MovieLens
///   writes it
///   {"id": .., "title": .., "tags": [..], "available": .., "attributes": {..}}
/// MovieLens' "(no genres listed)" is no tag. kNotFound when there is no such file; kInvalidArgument with
/// "FILE:LINE: why" at the first bad line beyond `max_bad_lines`; kDataLoss when a compressed file is
/// damaged.
absl::StatusOr<ItemReadReport> ReadItems(const std::string& path, const ItemReaderOptions& options,
                                         const ItemSink& sink);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_CATALOG_ITEM_READER_H_
