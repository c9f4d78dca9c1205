#include "server/access/token_bucket.h"

#include <algorithm>
#include <cmath>

namespace ridgeline {

void TokenBucket::Set(double rate, double burst) {
  const double each = rate > 0.0 ? 1e9 / rate : 0.0;
  // A year: rates below a token in that are no rates.
  constexpr double kMost = 365.0 * 24 * 3600 * 1e9;
  burst_nanoseconds_ = std::llround(std::min(kMost, each * std::max(1.0, burst)));
  nanoseconds_a_token_ = std::min(kMost, each);
}

absl::Duration TokenBucket::TryTake(absl::Duration now, double tokens) {
  return Spend(now, tokens, /*on_credit=*/false);
}

absl::Duration TokenBucket::Take(absl::Duration now, double tokens) {
  return Spend(now, tokens, /*on_credit=*/true);
}

absl::Duration TokenBucket::Spend(absl::Duration now, double tokens, bool on_credit) {
  const double each = nanoseconds_a_token_.load(std::memory_order_relaxed);
  if (each == 0.0) return absl::ZeroDuration();
  const int64_t time = absl::ToInt64Nanoseconds(now);
  const int64_t latest = time + burst_nanoseconds_.load(std::memory_order_relaxed);
  const int64_t cost = std::llround(each * tokens);
  int64_t full_at = full_at_.load(std::memory_order_relaxed);
  for (;;) {
    const int64_t next = std::max(full_at, time) + cost;
    const absl::Duration wait = absl::Nanoseconds(std::max<int64_t>(0, next - latest));
    if (wait > absl::ZeroDuration() && !on_credit) return wait;
    if (full_at_.compare_exchange_weak(full_at, next, std::memory_order_relaxed)) return wait;
  }
}

}  // namespace ridgeline
