#include "core/catalog/catalog.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/mutex.h"
#include "core/base/status_macros.h"
#include "core/catalog/item_encoding.h"
#include "core/catalog/item_table.h"
#include "core/interactions/durable_store.h"
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
  RocksDbCatalog(std::unique_ptr<DurableStore> store, ItemTable table)
      : store_(std::move(store)), table_(std::move(table)) {}

  absl::Status Upsert(absl::Span<const Item> items) override {
    RIDGELINE_RETURN_IF_ERROR(ValidateItems(items));
    std::vector<Item> sorted(items.begin(), items.end());
    rocksdb::WriteBatch batch;
    for (Item& item : sorted) {
      SortTags(&item);
      // As it is stored, so that the item is the same after a restart.
      item.update_time = absl::FromUnixMicros(absl::ToUnixMicros(item.update_time));
      batch.Put(ItemKey(item.id), EncodeItem(item));
    }
    MutexLock write_lock(&write_mutex_);
    RIDGELINE_RETURN_IF_ERROR(Settle());
    absl::Status written = store_->Write(&batch);
    if (!written.ok()) {
      for (const Item& item : sorted) unsettled_.push_back(item.id);
      return written;
    }
    MutexLock lock(&mutex_);
    for (Item& item : sorted) table_.Put(std::move(item));
    ++generation_;
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
    RIDGELINE_RETURN_IF_ERROR(Settle());
    if (!Get(item_id).ok()) return UnknownItem(item_id);
    rocksdb::WriteBatch batch;
    RIDGELINE_RETURN_IF_ERROR(FromRocksDb(batch.Delete(ItemKey(item_id))));
    const absl::Status written = store_->Write(&batch);
    if (!written.ok()) unsettled_.emplace_back(item_id);
    RIDGELINE_RETURN_IF_ERROR(written);
    MutexLock lock(&mutex_);
    table_.Erase(item_id);
    ++generation_;
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

  absl::Status Checkpoint(const std::string& directory) override {
    {
      MutexLock write_lock(&write_mutex_);
      RIDGELINE_RETURN_IF_ERROR(Settle());
    }
    return store_->Checkpoint(directory);
  }

  uint64_t generation() const override {
    MutexLock lock(&mutex_);
    return generation_;
  }

  int64_t size() const override {
    MutexLock lock(&mutex_);
    return static_cast<int64_t>(table_.size());
  }

 private:
  // Brings the store back if its disk had refused, and takes into the table what became of the writes that
  // were refused then: each may be in the store all the same.
  absl::Status Settle() ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_) {
    RIDGELINE_RETURN_IF_ERROR(store_->Recover());
    for (; !unsettled_.empty(); unsettled_.pop_back()) {
      RIDGELINE_ASSIGN_OR_RETURN(const DurableStore::Access access, store_->Enter());
      const std::string& id = unsettled_.back();
      std::string value;
      const rocksdb::Status found = access.db()->Get(rocksdb::ReadOptions(), ItemKey(id), &value);
      if (!found.ok() && !found.IsNotFound()) return FromRocksDb(found);
      absl::StatusOr<Item> item = Item();
      if (found.ok()) item = DecodeItem(ItemKey(id), value);
      RIDGELINE_RETURN_IF_ERROR(item.status());
      MutexLock lock(&mutex_);
      if (found.ok()) {
        table_.Put(*std::move(item));
      } else {
        table_.Erase(id);
      }
      ++generation_;
    }
    return absl::OkStatus();
  }

  Bitmap Union(absl::Span<const std::string> tags) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    Bitmap any;
    for (const std::string& tag : tags) any |= table_.WithTag(tag);
    return any;
  }

  const std::unique_ptr<DurableStore> store_;
  // Held from the store's write to the table's, so that both see changes in one order while reads go on.
  Mutex write_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  std::vector<std::string> unsettled_ ABSL_GUARDED_BY(write_mutex_);  // ids of items in refused writes
  mutable Mutex mutex_;
  ItemTable table_ ABSL_GUARDED_BY(mutex_);
  uint64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Catalog>> Catalog::Open(const std::string& directory) {
  RIDGELINE_ASSIGN_OR_RETURN(std::unique_ptr<DurableStore> store,
                             DurableStore::Open(directory, kCatalogFormat));
  absl::StatusOr<ItemTable> table;
  {
    RIDGELINE_ASSIGN_OR_RETURN(const DurableStore::Access access, store->Enter());
    table = ReadTable(*access.db());
  }
  RIDGELINE_RETURN_IF_ERROR(table.status());
  return std::make_unique<RocksDbCatalog>(std::move(store), *std::move(table));
}

}  // namespace ridgeline
