#include "client/cli/bench/load.h"

#include <algorithm>
#include <semaphore>
#include <thread>

namespace ridgeline {
namespace {

// Starts calls until there have been enough. Thread-compatible.
class Starter {
 public:
  Starter(const LoadLength& length, LoadTools tools)
      : tools_(tools), calls_(length.calls), origin_(tools.clock.Now()) {
    window_.begin = origin_ + length.warm_up;
    window_.end = window_.begin + length.duration;
  }

  const BenchWindow& window() const { return window_; }
  absl::Duration origin() const { return origin_; }

  // Whether a call that is due at `due` is still to be made; counts it if so.
  bool Admit(absl::Duration due) {
    if (due >= window_.end || counted_ >= calls_) return false;
    if (due >= window_.begin) ++counted_;
    return true;
  }

  void Start(absl::Duration due) {
    const BenchRequest request = tools_.requests.Next();
    tools_.caller.Start({request.rpc, due, std::max(due, tools_.clock.Now())}, request.bytes);
  }

 private:
  LoadTools tools_;
  const int64_t calls_;
  const absl::Duration origin_;
  BenchWindow window_;
  int64_t counted_ = 0;
};

}  // namespace

BenchResult RunOpenLoop(const OpenLoop& loop, const LoadLength& length, LoadTools tools) {
  Starter starter(length, tools);
  BenchResult result(tools.requests.names(), starter.window());
  std::counting_semaphore<> places(loop.max_in_flight);
  std::thread receiver([&] {
    while (const absl::optional<BenchEnd> end = tools.caller.Receive()) {
      places.release();
      result.Add(*end);
    }
  });
  ArrivalSchedule schedule(loop.rate, loop.arrivals, loop.seed);
  for (absl::Duration due; starter.Admit(due = starter.origin() + schedule.Next());) {
    tools.clock.SleepUntil(due);
    places.acquire();
    starter.Start(due);
  }
  tools.caller.Close();
  receiver.join();
  return result;
}

BenchResult RunClosedLoop(const ClosedLoop& loop, const LoadLength& length, LoadTools tools) {
  Starter starter(length, tools);
  BenchResult result(tools.requests.names(), starter.window());
  int in_flight = 0;
  const auto start_next = [&] {
    const absl::Duration now = tools.clock.Now();
    if (!starter.Admit(now)) return;
    starter.Start(now);
    ++in_flight;
  };
  for (int i = 0; i < loop.in_flight; ++i) start_next();
  while (in_flight > 0) {
    const absl::optional<BenchEnd> end = tools.caller.Receive();
    --in_flight;
    start_next();
    result.Add(*end);
  }
  tools.caller.Close();
  return result;
}

}  // namespace ridgeline
