#ifndef RIDGELINE_CORE_SERVING_RECENT_USERS_H_
#define RIDGELINE_CORE_SERVING_RECENT_USERS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/base/mutex.h"

namespace ridgeline {

/// A sample of the users who were asked for of late, to warm a new snapshot with. Thread-safe.
class RecentUsers {
 public:
  /// Keeps the last `capacity` >= 1 of those that it samples: one in `interval` >= 1.
  RecentUsers(size_t capacity, uint64_t interval) : capacity_(capacity), interval_(interval) {}

  /// A request asks for `user_id`.
  void Add(absl::string_view user_id);

  /// The users in the sample, each once, sorted.
  std::vector<std::string> Get() const;

 private:
  const size_t capacity_;
  const uint64_t interval_;
  std::atomic<uint64_t> requests_{0};
  mutable Mutex mutex_;
  std::vector<std::string> ring_ ABSL_GUARDED_BY(mutex_);
  size_t next_ ABSL_GUARDED_BY(mutex_) = 0;  // place in the ring that is overwritten next, once it is full
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_RECENT_USERS_H_
