#ifndef RIDGELINE_SERVER_ACCESS_TOKEN_BUCKET_H_
#define RIDGELINE_SERVER_ACCESS_TOKEN_BUCKET_H_

#include <atomic>
#include <cstdint>

#include "absl/time/time.h"

namespace ridgeline {

/// Bounds a rate: holds up to `burst` tokens and gets `rate` of them a second. Kept as one number, the time
/// at which the bucket will be full again (the generic cell rate algorithm, ITU-T I.371), so that a look
/// takes no lock. Thread-safe.
class TokenBucket {
 public:
  /// No bound.
  TokenBucket() = default;

  /// Sets the bound from now on: `rate` > 0 tokens a second, or 0 for none; at least 1 token of `burst`. What
  /// was taken before stays taken.
  void Set(double rate, double burst);

  /// Takes `tokens` at `now`, a time that never goes back, if they are there; otherwise takes none and
  /// returns how long it takes until they are. More than `burst` are never there.
  absl::Duration TryTake(absl::Duration now, double tokens = 1.0);

  /// Takes `tokens` at `now`, even if they are not there, and returns how long it takes until the bucket is
  /// out of debt.
  absl::Duration Take(absl::Duration now, double tokens);

 private:
  // Takes the tokens, beyond what is there only `on_credit`; returns how long until they would be there.
  absl::Duration Spend(absl::Duration now, double tokens, bool on_credit);

  std::atomic<double> nanoseconds_a_token_{0.0};  // 0: no bound
  std::atomic<int64_t> burst_nanoseconds_{0};     // to fill an empty bucket
  std::atomic<int64_t> full_at_{INT64_MIN / 2};
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_ACCESS_TOKEN_BUCKET_H_
