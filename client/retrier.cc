#include "client/retrier.h"

#include <algorithm>

#include "client/status_conversion.h"

namespace ridgeline {

absl::Duration Retrier::Backoff(const RetryOptions& options, int retry, uint64_t random) {
  absl::Duration pause = std::min(options.initial_backoff, options.max_backoff);
  for (int i = 1; i < retry && pause < options.max_backoff; ++i) {
    pause = std::min(2 * pause, options.max_backoff);
  }
  const double uniform = static_cast<double>(random >> 11) * 0x1p-53;
  return pause * (0.5 + 0.5 * uniform);
}

// SplitMix64 of a counter: needs no lock, and streams of different seeds do not resemble each other.
uint64_t Retrier::NextRandom() {
  const uint64_t draw = draws_.fetch_add(1, std::memory_order_relaxed) + 1;
  uint64_t bits = options_.jitter_seed + draw * 0x9E3779B97F4A7C15u;
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9u;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBu;
  return bits ^ (bits >> 31);
}

absl::Status Retrier::Run(absl::Duration timeout, bool repeatable,
                          absl::FunctionRef<absl::Status(absl::Duration remaining)> attempt) {
  const absl::Time deadline = clock_->Now() + timeout;
  absl::Duration remaining = timeout;
  for (int retry = 1;; ++retry) {
    absl::Status status = attempt(remaining);
    if (!absl::IsUnavailable(status) || !repeatable || retry >= options_.max_attempts) return status;
    const absl::Duration pause = std::max(Backoff(options_, retry, NextRandom()), RetryDelay(status));
    if (clock_->Now() + pause >= deadline) return status;
    clock_->Sleep(pause);
    remaining = deadline - clock_->Now();
  }
}

}  // namespace ridgeline
