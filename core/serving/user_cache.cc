#include "core/serving/user_cache.h"

#include <functional>
#include <utility>

#include "absl/hash/hash.h"

namespace ridgeline {
namespace {

constexpr size_t DivideRoundingUp(size_t dividend, size_t divisor) {
  return (dividend + divisor - 1) / divisor;
}

size_t HashOf(absl::string_view user_id) {
  return absl::Hash<absl::string_view>{}(user_id);
}

}  // namespace

UserCache::UserCache(size_t capacity) : shard_capacity_(DivideRoundingUp(capacity, kShards)) {}

UserCache::Lookup UserCache::Find(absl::string_view user_id) {
  const size_t hash = HashOf(user_id);
  Shard& shard = shards_[hash % kShards];
  MutexLock lock(&shard.mutex);
  Lookup lookup;
  lookup.ticket = shard.changes[hash / kShards % kTicketSlots];
  const auto place = shard.places.find(user_id);
  if (place == shard.places.end()) return lookup;
  shard.entries.splice(shard.entries.begin(), shard.entries, place->second);
  lookup.state = place->second->state;
  return lookup;
}

void UserCache::Put(absl::string_view user_id, uint64_t ticket, std::shared_ptr<const UserState> state) {
  if (shard_capacity_ == 0) return;
  const size_t hash = HashOf(user_id);
  Shard& shard = shards_[hash % kShards];
  MutexLock lock(&shard.mutex);
  if (shard.changes[hash / kShards % kTicketSlots] != ticket) return;
  const auto place = shard.places.find(user_id);
  if (place != shard.places.end()) {
    place->second->state = std::move(state);
    shard.entries.splice(shard.entries.begin(), shard.entries, place->second);
    return;
  }
  shard.entries.push_front({std::string(user_id), std::move(state)});
  shard.places.emplace(std::string(user_id), shard.entries.begin());
  if (shard.entries.size() > shard_capacity_) {
    shard.places.erase(shard.entries.back().user_id);
    shard.entries.pop_back();
  }
}

void UserCache::Forget(absl::string_view user_id) {
  const size_t hash = HashOf(user_id);
  Shard& shard = shards_[hash % kShards];
  MutexLock lock(&shard.mutex);
  ++shard.changes[hash / kShards % kTicketSlots];
  const auto place = shard.places.find(user_id);
  if (place == shard.places.end()) return;
  shard.entries.erase(place->second);
  shard.places.erase(place);
}

size_t UserCache::size() const {
  size_t size = 0;
  for (const Shard& shard : shards_) {
    MutexLock lock(&shard.mutex);
    size += shard.entries.size();
  }
  return size;
}

}  // namespace ridgeline
