#ifndef RIDGELINE_CLIENT_RETRIER_H_
#define RIDGELINE_CLIENT_RETRIER_H_

#include <atomic>
#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace ridgeline {

/// How often and after what pauses a call is sent again.
struct RetryOptions {
  /// How often a call is sent at most, the first time included; at least 1, which never retries.
  int max_attempts = 4;
  /// The pause before the second attempt; it doubles before each further one.
  absl::Duration initial_backoff = absl::Milliseconds(50);
  /// The longest pause.
  absl::Duration max_backoff = absl::Seconds(2);
  /// Seed of the jitter, which keeps clients that failed together from coming back together: give each its
  /// own.
  uint64_t jitter_seed = 0;
};

/// Where pauses and deadlines take their time from, so that tests need not wait. Thread-safe.
class RetryClock {
 public:
  virtual ~RetryClock() = default;
  virtual absl::Time Now() const = 0;
  virtual void Sleep(absl::Duration pause) = 0;
};

/// The machine's own clock.
class SystemRetryClock final : public RetryClock {
 public:
  absl::Time Now() const override { return absl::Now(); }
  void Sleep(absl::Duration pause) override { absl::SleepFor(pause); }
};

/// Makes a call again while the server cannot be reached: exponential backoff with jitter, within one
/// deadline for all attempts together. Thread-safe.
class Retrier {
 public:
  /// `clock` is not owned and must outlive the object.
  Retrier(const RetryOptions& options, RetryClock* clock) : options_(options), clock_(clock) {}

  /// Calls `attempt` with the time that is left until it is OK, fails with another code than kUnavailable, or
  /// the attempts or the time (`timeout`, from now) are used up; returns the status of the last attempt.
  /// Pauses at least as long as the server's RetryInfo asks; does not pause when no time would be left after
  /// it. With `repeatable` false there is one attempt.
  absl::Status Run(absl::Duration timeout, bool repeatable,
                   absl::FunctionRef<absl::Status(absl::Duration remaining)> attempt);

  /// The pause before retry number `retry` (from 1): initial_backoff * 2^(retry - 1), at most max_backoff,
  /// times a factor in [0.5, 1) given by `random`, 64 uniform bits.
  static absl::Duration Backoff(const RetryOptions& options, int retry, uint64_t random);

 private:
  uint64_t NextRandom();

  const RetryOptions options_;
  RetryClock* const clock_;
  std::atomic<uint64_t> draws_{0};
};

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_RETRIER_H_
