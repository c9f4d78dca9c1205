#ifndef RIDGELINE_TESTS_CORE_SERVING_FAKE_CATALOG_H_
#define RIDGELINE_TESTS_CORE_SERVING_FAKE_CATALOG_H_

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/base/mutex.h"
#include "core/catalog/catalog.h"

namespace ridgeline {

/// A Catalog in memory that answers every question by looking at every item. Thread-safe.
class FakeCatalog final : public Catalog {
 public:
  /// Adds or replaces one item.
  void Put(const std::string& id, const std::string& title, std::vector<std::string> tags = {},
           bool available = true) {
    Item item;
    item.id = id;
    item.title = title;
    item.tags = std::move(tags);
    item.available = available;
    Upsert({item}).IgnoreError();
  }

  absl::Status Upsert(absl::Span<const Item> items) override {
    for (const Item& item : items) {
      MutexLock lock(&mutex_);
      if (ordinals_.try_emplace(item.id, ids_.size()).second) ids_.push_back(item.id);
      items_[item.id] = item;
      ++generation_;
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Item> Get(absl::string_view item_id) const override {
    MutexLock lock(&mutex_);
    const auto item = items_.find(std::string(item_id));
    if (item == items_.end()) return absl::NotFoundError("item_id");
    return item->second;
  }

  std::vector<std::string> Titles(absl::Span<const absl::string_view> item_ids) const override {
    std::vector<std::string> titles;
    for (absl::string_view id : item_ids) titles.push_back(Get(id).value_or(Item()).title);
    return titles;
  }

  std::vector<std::vector<std::string>> Tags(absl::Span<const absl::string_view> item_ids) const override {
    std::vector<std::vector<std::string>> tags;
    for (absl::string_view id : item_ids) tags.push_back(Get(id).value_or(Item()).tags);
    return tags;
  }

  std::vector<Item> List(absl::string_view /*after*/, size_t /*limit*/) const override { return {}; }

  absl::Status Delete(absl::string_view item_id) override {
    MutexLock lock(&mutex_);
    ++generation_;
    return items_.erase(std::string(item_id)) == 1 ? absl::OkStatus() : absl::NotFoundError("item_id");
  }

  std::vector<std::string> IdsFromOrdinal(uint32_t first) const override {
    MutexLock lock(&mutex_);
    if (first >= ids_.size()) return {};
    return {ids_.begin() + first, ids_.end()};
  }

  Bitmap Matching(const TagFilter& filter) const override {
    return Where([&](const Item& item) {
      const auto has = [&](const std::string& tag) { return Has(item, tag); };
      return std::all_of(filter.all.begin(), filter.all.end(), has) &&
             (filter.any.empty() || std::any_of(filter.any.begin(), filter.any.end(), has));
    });
  }

  Bitmap WithAnyTag(absl::Span<const std::string> tags) const override {
    return Where([&](const Item& item) {
      return std::any_of(tags.begin(), tags.end(), [&](const std::string& tag) { return Has(item, tag); });
    });
  }

  Bitmap Unavailable() const override {
    return Where([](const Item& item) { return !item.available; });
  }

  absl::Status Checkpoint(const std::string& /*directory*/) override {
    return absl::UnimplementedError("not on a disk");
  }

  uint64_t generation() const override {
    MutexLock lock(&mutex_);
    return generation_;
  }

  int64_t size() const override {
    MutexLock lock(&mutex_);
    return static_cast<int64_t>(items_.size());
  }

 private:
  static bool Has(const Item& item, const std::string& tag) {
    return std::find(item.tags.begin(), item.tags.end(), tag) != item.tags.end();
  }

  template <typename Predicate>
  Bitmap Where(const Predicate& predicate) const {
    MutexLock lock(&mutex_);
    Bitmap bitmap;
    for (const auto& [id, item] : items_) {
      if (predicate(item)) bitmap.add(ordinals_.at(id));
    }
    return bitmap;
  }

  mutable Mutex mutex_;
  std::map<std::string, Item> items_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> ids_ ABSL_GUARDED_BY(mutex_);  // by ordinal
  std::map<std::string, uint32_t> ordinals_ ABSL_GUARDED_BY(mutex_);
  uint64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_SERVING_FAKE_CATALOG_H_
