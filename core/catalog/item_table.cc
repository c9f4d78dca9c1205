#include "core/catalog/item_table.h"

#include <utility>

namespace ridgeline {
namespace {

const Bitmap& NoItems() {
  static const Bitmap* const none = new Bitmap();
  return *none;
}

}  // namespace

void ItemTable::Put(Item item) {
  if (const Item* old = Find(item.id)) Unlist(*old);
  const uint32_t ordinal = Ordinal(item.id);
  all_.add(ordinal);
  if (!item.available) unavailable_.add(ordinal);
  for (const std::string& tag : item.tags) by_tag_[tag].add(ordinal);
  std::string id = item.id;
  items_.insert_or_assign(std::move(id), std::move(item));
}

void ItemTable::Erase(absl::string_view item_id) {
  const auto found = items_.find(item_id);
  if (found == items_.end()) return;
  Unlist(found->second);
  items_.erase(found);
}

const Item* ItemTable::Find(absl::string_view item_id) const {
  const auto found = items_.find(item_id);
  return found == items_.end() ? nullptr : &found->second;
}

std::vector<Item> ItemTable::List(absl::string_view after, size_t limit) const {
  std::vector<Item> page;
  for (auto at = items_.upper_bound(after); at != items_.end() && page.size() < limit; ++at) {
    page.push_back(at->second);
  }
  return page;
}

std::vector<std::string> ItemTable::IdsFrom(uint32_t first) const {
  if (first >= ids_.size()) return {};
  return {ids_.begin() + first, ids_.end()};
}

uint32_t ItemTable::Ordinal(absl::string_view item_id) {
  const auto found = ordinals_.find(item_id);
  if (found != ordinals_.end()) return found->second;
  const auto ordinal = static_cast<uint32_t>(ids_.size());
  ordinals_.emplace(ids_.emplace_back(item_id), ordinal);
  return ordinal;
}

const Bitmap& ItemTable::WithTag(absl::string_view tag) const {
  const auto found = by_tag_.find(tag);
  return found == by_tag_.end() ? NoItems() : found->second;
}

void ItemTable::Unlist(const Item& item) {
  const uint32_t ordinal = Ordinal(item.id);
  all_.remove(ordinal);
  unavailable_.remove(ordinal);
  for (const std::string& tag : item.tags) {
    const auto posting = by_tag_.find(tag);
    posting->second.remove(ordinal);
    if (posting->second.isEmpty()) by_tag_.erase(posting);
  }
}

}  // namespace ridgeline
