#include "core/serving/tag_selections.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace ridgeline {
namespace {

// Of an entry beside its key and what the selection points to: places in the table, which may be half empty,
// and the counts of the pointer.
constexpr size_t kEntryOverhead = 128;

void AppendList(const std::vector<std::string>& tags, std::string& key) {
  absl::StrAppend(&key, tags.size(), ":");
  for (const std::string& tag : tags) absl::StrAppend(&key, tag.size(), ":", tag);
}

// Different conditions have different keys.
std::string KeyOf(const TagFilter& tags, bool include_unavailable) {
  std::string key(1, include_unavailable ? 'u' : 'a');
  AppendList(tags.any, key);
  AppendList(tags.all, key);
  AppendList(tags.none, key);
  return key;
}

}  // namespace

TagSelections::TagSelections(const OrdinalRows* rows, const ItemIndex* index, uint32_t items,
                             size_t most_bytes)
    : rows_(rows), index_(index), items_(items), most_bytes_(most_bytes) {}

std::shared_ptr<const TagSelection> TagSelections::Get(const TagFilter& tags, bool include_unavailable,
                                                       const Catalog& catalog) const {
  // Asked for first: a change in between makes what is read too new for its number, never too old.
  const uint64_t generation = catalog.generation();
  const std::string key = KeyOf(tags, include_unavailable);
  if (key.size() > kLongestKey) {
    return std::make_shared<const TagSelection>(Select(tags, include_unavailable, catalog));
  }
  std::shared_ptr<const TagSelection> selection = Find(key, generation);
  if (selection == nullptr) {
    selection = std::make_shared<const TagSelection>(Select(tags, include_unavailable, catalog));
    Keep(key, generation, selection);
  }
  return selection;
}

TagSelection TagSelections::Select(const TagFilter& tags, bool include_unavailable,
                                   const Catalog& catalog) const {
  ItemFilter allowed(items_);
  if (!tags.any.empty() || !tags.all.empty()) {
    allowed = ItemFilter::Only(items_, {});
    rows_->ForEachRow(catalog.Matching(tags), catalog, [&](uint32_t row) { allowed.Allow(row); });
  }
  const auto forbid = [&](uint32_t row) { allowed.Forbid(row); };
  if (!tags.none.empty()) rows_->ForEachRow(catalog.WithAnyTag(tags.none), catalog, forbid);
  if (!include_unavailable) rows_->ForEachRow(catalog.Unavailable(), catalog, forbid);
  absl::optional<QuantizedMatrix> index = index_->IndexOf(allowed);
  return {std::move(allowed), std::move(index)};
}

std::shared_ptr<const TagSelection> TagSelections::Find(const std::string& key, uint64_t generation) const {
  MutexLock lock(&mutex_);
  if (generation > generation_) {
    generation_ = generation;
    recent_ = {};
    older_ = {};
  }
  const auto recent = recent_.selections.find(key);
  if (recent != recent_.selections.end()) return recent->second;
  const auto older = older_.selections.find(key);
  if (older == older_.selections.end()) return nullptr;
  std::shared_ptr<const TagSelection> selection = older->second;
  KeepRecent(key, selection);
  return selection;
}

void TagSelections::Keep(const std::string& key, uint64_t generation,
                         std::shared_ptr<const TagSelection> selection) const {
  MutexLock lock(&mutex_);
  if (generation == generation_) KeepRecent(key, std::move(selection));
}

size_t TagSelections::bytes() const {
  MutexLock lock(&mutex_);
  return recent_.bytes + older_.bytes;
}

void TagSelections::KeepRecent(const std::string& key, std::shared_ptr<const TagSelection> selection) const {
  const size_t bytes = kEntryOverhead + key.size() + sizeof(TagSelection) + selection->bytes();
  const bool full = recent_.bytes + bytes > most_bytes_ / 2;
  if (full) older_ = std::exchange(recent_, {});
  const bool is_new = recent_.selections.insert_or_assign(key, std::move(selection)).second;
  if (is_new) recent_.bytes += bytes;
}

}  // namespace ridgeline
