#include "client/cli/bench/bench_clock.h"

#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <chrono>
#include <thread>

namespace ridgeline {
namespace {

using Clock = std::chrono::steady_clock;

// The system may put off a wake-up by the thread's slack, to save power.
void SetSmallestTimerSlack() {
#ifdef __linux__
  thread_local const int result = prctl(PR_SET_TIMERSLACK, 1);  // nanoseconds
  static_cast<void>(result);  // late wake-ups are measured, so this need not succeed
#endif
}

}  // namespace

absl::Duration SteadyBenchClock::Now() const {
  return absl::FromChrono(Clock::now().time_since_epoch());
}

void SteadyBenchClock::SleepUntil(absl::Duration time) {
  if (time <= Now()) return;
  SetSmallestTimerSlack();
  std::this_thread::sleep_until(Clock::time_point(absl::ToChronoNanoseconds(time)));
}

}  // namespace ridgeline
