#ifndef RIDGELINE_TESTS_CORE_SERVING_FAKE_INTERACTION_LOG_H_
#define RIDGELINE_TESTS_CORE_SERVING_FAKE_INTERACTION_LOG_H_

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/checksum.h"
#include "core/base/mutex.h"
#include "core/interactions/interaction_log.h"

namespace ridgeline {

/// An InteractionLog in memory, without event ids. Thread-safe.
class FakeInteractionLog final : public InteractionLog {
 public:
  /// Called, without locks held, at the end of every ReadUser: where a test lets something happen in between.
  std::function<void()> after_read;

  /// What every read returns when it is not OK.
  absl::Status failure;

  /// What generation() returns.
  std::atomic<uint64_t> openings{0};

  /// Appends one interaction at `time`, in seconds.
  void Record(const std::string& user, const std::string& item, float value, int64_t time = 0) {
    Interaction interaction;
    interaction.user_id = user;
    interaction.item_id = item;
    interaction.value = value;
    interaction.time = absl::FromUnixSeconds(time);
    Append({interaction}).value();
  }

  using InteractionLog::Append;
  absl::StatusOr<AppendResult> Append(absl::Span<const Interaction> interactions,
                                      absl::Time /*stamp*/) override {
    MutexLock lock(&mutex_);
    for (const Interaction& interaction : interactions) {
      users_[interaction.user_id].push_back({++last_sequence_, interaction});
    }
    return AppendResult{static_cast<int64_t>(interactions.size()), 0, last_sequence_, {}};
  }

  absl::StatusOr<std::vector<LoggedInteraction>> ReadUser(absl::string_view user_id, uint64_t /*after*/,
                                                          size_t /*limit*/) const override {
    std::vector<LoggedInteraction> events = Events(user_id);
    if (after_read) after_read();
    if (!failure.ok()) return failure;
    return events;
  }

  absl::Status Scan(uint64_t /*through*/,
                    const std::function<absl::Status(const LoggedInteraction&)>& /*visit*/) const override {
    return absl::OkStatus();
  }

  absl::StatusOr<int64_t> DeleteUser(absl::string_view user_id) override {
    MutexLock lock(&mutex_);
    ++deletions_.count;
    deletions_.last_sequence = last_sequence_;
    deletions_.departed.push_back(Checksum64(user_id));
    return static_cast<int64_t>(users_.erase(std::string(user_id)));
  }

  absl::Time newest_stamp() const override { return absl::InfinitePast(); }

  absl::Status WaitForErasure() override { return absl::OkStatus(); }
  uint64_t pending_erasures() const override { return 0; }
  std::unique_ptr<ErasureHold> HoldErasures() override {
    return std::make_unique<ErasureHold>([] {});
  }
  absl::Status Checkpoint(const std::string& /*directory*/) override {
    return absl::UnimplementedError("not on a disk");
  }
  Deletions deletions() const override {
    MutexLock lock(&mutex_);
    return deletions_;
  }

  bool HasDeparted(absl::string_view user_id) const override {
    const std::vector<uint64_t> departed = deletions().departed;
    return std::find(departed.begin(), departed.end(), Checksum64(user_id)) != departed.end();
  }
  absl::Status ForgetDepartures(absl::Span<const uint64_t> /*departed*/) override {
    MutexLock lock(&mutex_);
    deletions_.departed.clear();
    return absl::OkStatus();
  }

  uint64_t generation() const override { return openings.load(); }

  uint64_t last_sequence() const override {
    MutexLock lock(&mutex_);
    return last_sequence_;
  }

  int64_t size() const override {
    MutexLock lock(&mutex_);
    int64_t size = 0;
    for (const auto& [user, events] : users_) size += static_cast<int64_t>(events.size());
    return size;
  }

 private:
  std::vector<LoggedInteraction> Events(absl::string_view user_id) const {
    MutexLock lock(&mutex_);
    const auto user = users_.find(std::string(user_id));
    return user == users_.end() ? std::vector<LoggedInteraction>() : user->second;
  }

  mutable Mutex mutex_;
  std::map<std::string, std::vector<LoggedInteraction>> users_ ABSL_GUARDED_BY(mutex_);
  uint64_t last_sequence_ ABSL_GUARDED_BY(mutex_) = 0;
  Deletions deletions_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_SERVING_FAKE_INTERACTION_LOG_H_
