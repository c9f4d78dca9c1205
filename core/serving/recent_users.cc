#include "core/serving/recent_users.h"

#include <algorithm>

namespace ridgeline {

void RecentUsers::Add(absl::string_view user_id) {
  if (requests_.fetch_add(1, std::memory_order_relaxed) % interval_ != 0) return;
  MutexLock lock(&mutex_);
  if (ring_.size() < capacity_) {
    ring_.emplace_back(user_id);
    return;
  }
  ring_[next_].assign(user_id.data(), user_id.size());
  next_ = (next_ + 1) % capacity_;
}

std::vector<std::string> RecentUsers::Get() const {
  std::vector<std::string> users;
  {
    MutexLock lock(&mutex_);
    users = ring_;
  }
  std::sort(users.begin(), users.end());
  users.erase(std::unique(users.begin(), users.end()), users.end());
  return users;
}

}  // namespace ridgeline
