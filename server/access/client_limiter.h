#ifndef RIDGELINE_SERVER_ACCESS_CLIENT_LIMITER_H_
#define RIDGELINE_SERVER_ACCESS_CLIENT_LIMITER_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "server/access/token_bucket.h"

namespace ridgeline {

/// What one client may take of the server; 0: as much as there is.
struct ClientLimits {
  double calls_per_second = 0.0;
  double burst = 0.0;                    ///< calls at once after a rest; 0: those of one second
  int64_t calls_in_flight = 0;           ///< calls that are not answered yet, streams among them
  double import_bytes_per_second = 0.0;  ///< of ImportInteractions, all streams together
};

/// A call's place among those of its client that are counted, given back when the object goes. Thread-
/// compatible.
class CallSlot {
 public:
  CallSlot() = default;
  /// Takes one of what `count` counts.
  explicit CallSlot(std::shared_ptr<std::atomic<int64_t>> count) : count_(std::move(count)) {
    count_->fetch_add(1, std::memory_order_relaxed);
  }
  ~CallSlot() { Release(); }
  CallSlot(CallSlot&& other) noexcept = default;
  CallSlot& operator=(CallSlot&& other) noexcept {
    Release();
    count_ = std::move(other.count_);
    return *this;
  }

  bool taken() const { return count_ != nullptr; }

  /// Gives the place back now.
  void Release();

 private:
  std::shared_ptr<std::atomic<int64_t>> count_;
};

/// The client that a call was refused for, when `status` is that of ClientLimiter::Admit at one of its
/// limits; nothing for any other, an overloaded server's among them. It stays in the server: callers are told
/// by the message.
absl::optional<std::string> LimitedClient(const absl::Status& status);

/// Holds one client to its limits, so that it cannot take the server from the others. Thread-safe.
class ClientLimiter : public std::enable_shared_from_this<ClientLimiter> {
 public:
  /// Sets the limits from now on; what is taken already stays taken.
  void Set(const ClientLimits& limits);

  /// Lets a call of `client` in at `now`, a time that never goes back. kResourceExhausted, with the time to
  /// wait as RetryInfo, when one of the limits is reached: LimitedClient tells it from other refusals.
  absl::StatusOr<CallSlot> Admit(absl::string_view client, absl::Duration now);

  /// A place for a refusal that is kept waiting for a moment; not taken when there are many already.
  CallSlot HoldRefusal();

  /// Counts `bytes` of an import that came at `now`; returns how long its next message must wait.
  absl::Duration TakeImportBytes(absl::Duration now, size_t bytes);

  int64_t in_flight() const { return in_flight_.load(std::memory_order_relaxed); }

 private:
  TokenBucket calls_;
  TokenBucket import_bytes_;
  std::atomic<int64_t> most_in_flight_{0};
  std::atomic<int64_t> in_flight_{0};
  std::atomic<int64_t> held_refusals_{0};
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_ACCESS_CLIENT_LIMITER_H_
