#ifndef RIDGELINE_CORE_CATALOG_CATALOG_H_
#define RIDGELINE_CORE_CATALOG_CATALOG_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/catalog/bitmap.h"
#include "core/catalog/item.h"

namespace ridgeline {

/// A condition on an item's tags. An empty list poses no condition.
struct TagFilter {
  std::vector<std::string> any = {};   ///< at least one of these
  std::vector<std::string> all = {};   ///< every one of these
  std::vector<std::string> none = {};  ///< none of these

  bool empty() const { return any.empty() && all.empty() && none.empty(); }
};

/// The items' metadata: durable on RocksDB, served from memory, with one Roaring bitmap a tag. Thread-safe.
///
/// Bitmaps hold ordinals: small numbers given to items when this process first has metadata of them, never
/// reused while it runs. A serving snapshot finds its rows of them, so that catalogue changes are seen at
/// once without rebuilding the snapshot, and items without metadata cost nothing here.
class Catalog {
 public:
  /// Opens the catalogue in `directory`, made when absent. Errors as InteractionLog::Open.
  static absl::StatusOr<std::unique_ptr<Catalog>> Open(const std::string& directory);

  virtual ~Catalog() = default;

  /// Adds or replaces `items`, all or none, durably. kInvalidArgument naming "items[i].field": nothing
  /// changed then. kUnavailable when the disk refuses: nothing is acknowledged and reads answer as before,
  /// but all of them may be found changed later, so repeat the call.
  virtual absl::Status Upsert(absl::Span<const Item> items) = 0;

  /// kNotFound when the catalogue has no such item.
  virtual absl::StatusOr<Item> Get(absl::string_view item_id) const = 0;

  /// Titles of `item_ids`, [same size], empty where unknown.
  virtual std::vector<std::string> Titles(absl::Span<const absl::string_view> item_ids) const = 0;

  /// Tags of `item_ids`, [same size], in ascending order, none where unknown.
  virtual std::vector<std::vector<std::string>> Tags(absl::Span<const absl::string_view> item_ids) const = 0;

  /// Items after `after` in the order of their ids, at most `limit`; empty `after` begins at the first.
  virtual std::vector<Item> List(absl::string_view after, size_t limit) const = 0;

  /// Removes an item's metadata, durably. kNotFound when there is none, kUnavailable as for Upsert.
  virtual absl::Status Delete(absl::string_view item_id) = 0;

  /// The ids of the ordinals `first`, `first` + 1, ... that have been given so far; deleted items keep
  /// theirs.
  virtual std::vector<std::string> IdsFromOrdinal(uint32_t first) const = 0;

  /// Ordinals of the items that carry every tag of `filter.all` and one of `filter.any`; `filter.none` is not
  /// looked at (an item without metadata passes it): subtract WithAnyTag(filter.none).
  virtual Bitmap Matching(const TagFilter& filter) const = 0;

  /// Ordinals of the items that carry at least one of `tags`.
  virtual Bitmap WithAnyTag(absl::Span<const std::string> tags) const = 0;

  /// Ordinals of the items marked unavailable.
  virtual Bitmap Unavailable() const = 0;

  /// Makes `directory`, absent so far, a catalogue of its own with all that is acknowledged. As
  /// InteractionLog::Checkpoint.
  virtual absl::Status Checkpoint(const std::string& directory) = 0;

  /// A number that grows with every change: what was read of the catalogue after it was asked for, and while
  /// it stays the same, is still so.
  virtual uint64_t generation() const = 0;

  /// How many items have metadata.
  virtual int64_t size() const = 0;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_CATALOG_CATALOG_H_
