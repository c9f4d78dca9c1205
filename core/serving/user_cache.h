#ifndef RIDGELINE_CORE_SERVING_USER_CACHE_H_
#define RIDGELINE_CORE_SERVING_USER_CACHE_H_

#include <array>
#include <cstdint>
#include <list>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "core/base/mutex.h"
#include "core/serving/user_state.h"

namespace ridgeline {

/// The states of recently asked users, least recently used out first. Thread-safe; sharded.
///
/// A state that was read before a change must not be put after it: take a ticket with Find before reading the
/// log, and Put refuses when Forget came between.
class UserCache {
 public:
  /// Keeps at most about `capacity` users; 0 keeps none.
  explicit UserCache(size_t capacity);

  struct Lookup {
    std::shared_ptr<const UserState> state;  ///< of any model version; null when absent
    uint64_t ticket = 0;
  };

  /// What is kept of `user_id`, and a ticket for Put.
  Lookup Find(absl::string_view user_id);

  /// Keeps `state`, and no other of the user, unless the user was forgotten since `ticket`.
  void Put(absl::string_view user_id, uint64_t ticket, std::shared_ptr<const UserState> state);

  /// Drops the user's state and outdates every ticket given out for it.
  void Forget(absl::string_view user_id);

  /// How many users are kept.
  size_t size() const;

 private:
  struct Entry {
    std::string user_id;
    std::shared_ptr<const UserState> state;
  };
  static constexpr size_t kShards = 16;
  static constexpr size_t kTicketSlots = 256;

  struct Shard {
    mutable Mutex mutex;
    std::list<Entry> entries ABSL_GUARDED_BY(mutex);  // most recently used first
    absl::flat_hash_map<std::string, std::list<Entry>::iterator> places ABSL_GUARDED_BY(mutex);
    // How often users of each hash slot were forgotten: a collision costs a refused Put, never a stale state.
    std::array<uint64_t, kTicketSlots> changes ABSL_GUARDED_BY(mutex) = {};
  };

  const size_t shard_capacity_;
  std::array<Shard, kShards> shards_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_USER_CACHE_H_
