#ifndef RIDGELINE_CORE_CATALOG_ITEM_TABLE_H_
#define RIDGELINE_CORE_CATALOG_ITEM_TABLE_H_

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/catalog/bitmap.h"
#include "core/catalog/item.h"

namespace ridgeline {

/// The catalogue in memory: items by id, and for every tag the bitmap of the items that carry it.
/// Thread-compatible.
class ItemTable {
 public:
  ItemTable() = default;
  ItemTable(ItemTable&&) = default;
  ItemTable& operator=(ItemTable&&) = default;

  /// Adds or replaces an item, whose tags are sorted and distinct.
  void Put(Item item);

  /// Removes an item; its ordinal stays its own.
  void Erase(absl::string_view item_id);

  /// The item, or null. Valid until the next change.
  const Item* Find(absl::string_view item_id) const;

  /// At most `limit` items whose ids follow `after`, in the order of their ids.
  std::vector<Item> List(absl::string_view after, size_t limit) const;

  /// The ids of the ordinals `first`, `first` + 1, ...: of all items that were ever in the table.
  std::vector<std::string> IdsFrom(uint32_t first) const;

  /// Ordinals of the items that carry `tag`; empty when none does.
  const Bitmap& WithTag(absl::string_view tag) const;

  /// Ordinals of all items in the table, and of the unavailable ones.
  const Bitmap& all() const { return all_; }
  const Bitmap& unavailable() const { return unavailable_; }

  size_t size() const { return items_.size(); }

 private:
  // The ordinal of an id, given now if it has none.
  uint32_t Ordinal(absl::string_view item_id);

  // Takes the item out of the bitmaps.
  void Unlist(const Item& item);

  absl::btree_map<std::string, Item> items_;
  std::deque<std::string> ids_;  // by ordinal; they never move
  absl::flat_hash_map<absl::string_view, uint32_t> ordinals_;
  absl::flat_hash_map<std::string, Bitmap> by_tag_;
  Bitmap all_;
  Bitmap unavailable_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_CATALOG_ITEM_TABLE_H_
