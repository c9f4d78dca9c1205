#include "core/base/thread_priority.h"

#include <sys/resource.h>

#include <chrono>
#include <thread>

namespace ridgeline {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr auto kGiveWayEvery = std::chrono::microseconds(50);

// Who yields forfeits the rest of a slice. On a machine that is never idle the wait is long then, and
// yielding that often would leave next to nothing: there each turn is used for as long as a slice is.
constexpr auto kLongWait = std::chrono::milliseconds(10);
constexpr auto kTurn = std::chrono::milliseconds(3);

thread_local bool low_priority = false;
thread_local SteadyClock::time_point next_yield;

}  // namespace

void LowerThreadPriority() {
  constexpr int kLowestPriority = 19;
  setpriority(PRIO_PROCESS, 0, kLowestPriority);  // on Linux of the thread alone
  low_priority = true;
}

bool GiveWay() {
  if (!low_priority) return false;
  const SteadyClock::time_point now = SteadyClock::now();
  if (now < next_yield) return false;
  std::this_thread::yield();
  const SteadyClock::time_point back = SteadyClock::now();
  next_yield = back + (back - now < kLongWait ? SteadyClock::duration(kGiveWayEvery) : kTurn);
  return true;
}

}  // namespace ridgeline
