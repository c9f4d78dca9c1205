#include "core/catalog/catalog.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/mutex.h"
#include "core/base/status_macros.h"
#include "core/catalog/item_encoding.h"
#include "core/catalog/item_table.h"
#include "core/interactions/rocksdb_status.h"
#include "core/interactions/rocksdb_store.h"
#include "rocksdb/write_batch.h"

namespace ridgeline {
namespace {

// Every item of the store, in a table.
absl::StatusOr<ItemTable> ReadTable(rocksdb::DB& store) {
  ItemTable table;
  const std::unique_ptr<rocksdb::Iterator> record(store.NewIterator(rocksdb::ReadOptions()));
  for (record->Seek(kItemBegin); record->Valid() && record->key().compare(kItemEnd) < 0; record->Next()) {
    RIDGELINE_ASSIGN_OR_RETURN(Item item, DecodeItem(ToView(record->key()), ToView(record->value())));
    table.Put(std::move(item));
  }
  RIDGELINE_RETURN_IF_ERROR(FromRocksDb(record->status()));
  return table;
}

absl::Status UnknownItem(absl::string_view item_id) {
  return absl::NotFoundError(absl::StrCat("item_id: the catalogue has no item \"", item_id, "\""));
}

absl::Status ValidateItems(absl::Span<const Item> items) {
  for (size_t i = 0; i < items.size(); ++i) {
    const absl::Status status = ValidateItem(items[i]);
    if (!status.ok()) return absl::InvalidArgumentError(absl::StrCat("items[", i, "].", status.message()));
  }
  return absl::OkStatus();
}

// Writes go to the store first, then to the table that all reads are answered from.
class RocksDbCatalog final : public Catalog {
 public:
  RocksDbCatalog(std::unique_ptr<rocksdb::DB> store, ItemTable table)
      : store_(std::move(store)), table_(std::move(table)) {}

  absl::Status Upsert(absl::Span<const Item> items) override {
    RIDGELINE_RETURN_IF_ERROR(ValidateItems(items));
    std::vector<Item> sorted(items.begin(), items.end());
    rocksdb::WriteBatch batch;
    for (Item& item : sorted) {
      SortTags(&item);
      batch.Put(ItemKey(item.id), EncodeItem(item));
    }
    MutexLock write_lock(&write_mutex_);
    RIDGELINE_RETURN_IF_ERROR(FromRocksDb(store_->Write(DurableWrite(), &batch)));
    MutexLock lock(&mutex_);
    for (Item& item : sorted) table_.Put(std::move(item));
    return absl::OkStatus();
  }

  absl::StatusOr<Item> Get(absl::string_view item_id) const override {
    MutexLock lock(&mutex_);
    const Item* item = table_.Find(item_id);
    if (item == nullptr) return UnknownItem(item_id);
    return *item;
  }

  std::vector<std::string> Titles(absl::Span<const absl::string_view> item_ids) const override {
    std::vector<std::string> titles;
    titles.reserve(item_ids.size());
    MutexLock lock(&mutex_);
    for (absl::string_view id : item_ids) {
      const Item* item = table_.Find(id);
      titles.push_back(item == nullptr ? std::string() : item->title);
    }
    return titles;
  }

  std::vector<std::vector<std::string>> Tags(absl::Span<const absl::string_view> item_ids) const override {
    std::vector<std::vector<std::string>> tags(item_ids.size());
    MutexLock lock(&mutex_);
    for (size_t i = 0; i < item_ids.size(); ++i) {
      const Item* item = table_.Find(item_ids[i]);
      if (item != nullptr) tags[i] = item->tags;
    }
    return tags;
  }

  std::vector<Item> List(absl::string_view after, size_t limit) const override {
    MutexLock lock(&mutex_);
    return table_.List(after, limit);
  }

  absl::Status Delete(absl::string_view item_id) override {
    MutexLock write_lock(&write_mutex_);
    if (!Get(item_id).ok()) return UnknownItem(item_id);
    RIDGELINE_RETURN_IF_ERROR(FromRocksDb(store_->Delete(DurableWrite(), ItemKey(item_id))));
    MutexLock lock(&mutex_);
    table_.Erase(item_id);
    return absl::OkStatus();
  }

  std::vector<std::string> IdsFromOrdinal(uint32_t first) const override {
    MutexLock lock(&mutex_);
    return table_.IdsFrom(first);
  }

  Bitmap Matching(const TagFilter& filter) const override {
    MutexLock lock(&mutex_);
    Bitmap matching = table_.all();
    for (const std::string& tag : filter.all) matching &= table_.WithTag(tag);
    if (!filter.any.empty()) matching &= Union(filter.any);
    return matching;
  }

  Bitmap WithAnyTag(absl::Span<const std::string> tags) const override {
    MutexLock lock(&mutex_);
    return Union(tags);
  }

  Bitmap Unavailable() const override {
    MutexLock lock(&mutex_);
    return table_.unavailable();
  }

  int64_t size() const override {
    MutexLock lock(&mutex_);
    return static_cast<int64_t>(table_.size());
  }

 private:
  Bitmap Union(absl::Span<const std::string> tags) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    Bitmap any;
    for (const std::string& tag : tags) any |= table_.WithTag(tag);
    return any;
  }

  const std::unique_ptr<rocksdb::DB> store_;
  // Held from the store's write to the table's, so that both see changes in one order while reads go on.
  Mutex write_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  mutable Mutex mutex_;
  ItemTable table_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::StatusOr<std::unique_ptr<Catalog>> Catalog::Open(const std::string& directory) {
  RIDGELINE_ASSIGN_OR_RETURN(std::unique_ptr<rocksdb::DB> store, OpenStore(directory, kCatalogFormat));
  RIDGELINE_ASSIGN_OR_RETURN(ItemTable table, ReadTable(*store));
  return std::make_unique<RocksDbCatalog>(std::move(store), std::move(table));
}

}  // namespace ridgeline
