#include "client/cli/bench/load.h"

#include <algorithm>
#include <deque>
#include <vector>

#include "core/base/mutex.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

// Moves when somebody sleeps, or when told to.
class FakeClock final : public BenchClock {
 public:
  absl::Duration Now() const override {
    MutexLock lock(&mutex_);
    return now_;
  }
  void SleepUntil(absl::Duration time) override {
    MutexLock lock(&mutex_);
    now_ = std::max(now_, time);
  }

 private:
  mutable Mutex mutex_;
  absl::Duration now_ ABSL_GUARDED_BY(mutex_) = absl::ZeroDuration();
};

struct Stall {
  absl::Duration begin;
  absl::Duration length;
};

// A server with one thread: each call takes `service` and waits for those before; nothing happens during the
// stall. The time a call ends is known when it starts, so no test waits.
class OneThreadServer final : public BenchCaller {
 public:
  OneThreadServer(FakeClock& clock, absl::Duration service, Stall stall = {})
      : clock_(clock), service_(service), stall_(stall) {}

  // How long the generator itself takes for a call.
  void SetSendTime(absl::Duration time) { send_time_ = time; }

  void Start(const BenchCall& call, const grpc::ByteBuffer&) override {
    clock_.SleepUntil(clock_.Now() + send_time_);
    MutexLock lock(&mutex_);
    absl::Duration begin = std::max(free_, call.started);
    if (begin >= stall_.begin && begin < stall_.begin + stall_.length) begin = stall_.begin + stall_.length;
    free_ = begin + service_;
    ends_.push_back({call, free_});
    started_.push_back(call.started);
    changed_.SignalAll();
  }

  absl::optional<BenchEnd> Receive() override {
    MutexLock lock(&mutex_);
    while (ends_.empty() && !closed_) changed_.Wait(&mutex_);
    if (ends_.empty()) return absl::nullopt;
    const BenchEnd end = ends_.front();
    ends_.pop_front();
    if (moves_clock_) clock_.SleepUntil(end.time);
    return end;
  }

  void Close() override {
    MutexLock lock(&mutex_);
    closed_ = true;
    changed_.SignalAll();
  }

  // For a closed loop, which only sleeps until the next answer.
  void MoveClockToEnds() { moves_clock_ = true; }

  std::vector<absl::Duration> started() const {
    MutexLock lock(&mutex_);
    return started_;
  }

 private:
  FakeClock& clock_;
  const absl::Duration service_;
  const Stall stall_;
  absl::Duration send_time_ = absl::ZeroDuration();
  bool moves_clock_ = false;
  mutable Mutex mutex_;
  CondVar changed_;
  std::deque<BenchEnd> ends_ ABSL_GUARDED_BY(mutex_);
  std::vector<absl::Duration> started_ ABSL_GUARDED_BY(mutex_);
  absl::Duration free_ ABSL_GUARDED_BY(mutex_) = absl::ZeroDuration();
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

RequestMaker StatusRequests() {
  RequestOptions options;
  options.mix = "status";
  return *RequestMaker::Create(options);
}

LoadLength Seconds(double seconds, double warm_up = 0) {
  return {.warm_up = absl::Seconds(warm_up), .duration = absl::Seconds(seconds)};
}

BenchResult RunOpen(OneThreadServer& server, FakeClock& clock, const OpenLoop& loop,
                    const LoadLength& length) {
  RequestMaker requests = StatusRequests();
  return RunOpenLoop(loop, length, {requests, server, clock});
}

BenchResult RunClosed(OneThreadServer& server, FakeClock& clock, int in_flight, const LoadLength& length) {
  server.MoveClockToEnds();
  RequestMaker requests = StatusRequests();
  return RunClosedLoop({in_flight}, length, {requests, server, clock});
}

constexpr OpenLoop kThousand = {.rate = 1000, .arrivals = Arrivals::kConstant};
constexpr Stall kOneSecond = {absl::Seconds(5), absl::Seconds(1)};

// In 10 s at 1,000 calls a second, a stall of 1 s meets the 1,000 calls that are due in it, and after it the
// server needs 1/9 s to catch up. A generator that waits for answers sees one slow call instead.
TEST(OpenLoop, ChargesAStallToEveryCallThatWasDueInIt) {
  FakeClock clock;
  OneThreadServer server(clock, absl::Microseconds(100), kOneSecond);
  const BenchResult result = RunOpen(server, clock, kThousand, Seconds(10));
  const LatencyHistogram all = result.Succeeded();
  EXPECT_NEAR(static_cast<double>(all.count()), 10'000, 1);
  EXPECT_NEAR(static_cast<double>(all.count() - all.CountUpTo(absl::Milliseconds(1))), 1110, 5);
  EXPECT_NEAR(absl::ToDoubleMilliseconds(all.Percentile(95)), 550, 10);
  EXPECT_NEAR(absl::ToDoubleMilliseconds(all.Max()), 1000, 2);
}

TEST(OpenLoop, SendsOnTimeWhateverTheServerDoes) {
  FakeClock clock;
  OneThreadServer server(clock, absl::Microseconds(100), kOneSecond);
  RunOpen(server, clock, kThousand, Seconds(10));
  const std::vector<absl::Duration> started = server.started();
  for (size_t i = 0; i < started.size(); ++i) {
    ASSERT_NEAR(absl::ToDoubleSeconds(started[i]), static_cast<double>(i + 1) / 1000, 1e-6);
  }
}

TEST(ClosedLoop, OmitsTheCallsThatAStallPutOff) {
  FakeClock clock;
  OneThreadServer server(clock, absl::Milliseconds(1), kOneSecond);
  const BenchResult result = RunClosed(server, clock, /*in_flight=*/1, Seconds(10));
  EXPECT_EQ(result.Succeeded().count() - result.Succeeded().CountUpTo(absl::Milliseconds(2)), 1);
}

TEST(OpenLoop, CountsTheDelayOfASlowGeneratorAndSaysSo) {
  FakeClock clock;
  OneThreadServer server(clock, absl::Microseconds(10));
  server.SetSendTime(absl::Milliseconds(2));  // twice what the rate leaves
  const BenchResult result = RunOpen(server, clock, kThousand, Seconds(1));
  EXPECT_NEAR(absl::ToDoubleMilliseconds(result.start_delays().Max()), 1000, 10);
  EXPECT_NEAR(absl::ToDoubleMilliseconds(result.Succeeded().Max()), 1000, 10);
  EXPECT_FALSE(result.KeptUp());
}

TEST(OpenLoop, KeepsUpWithAServerThatDoesNot) {
  FakeClock clock;
  OneThreadServer server(clock, absl::Milliseconds(2));
  const BenchResult result = RunOpen(server, clock, kThousand, Seconds(1));
  EXPECT_TRUE(result.KeptUp());
  EXPECT_NEAR(result.Rate(), 500, 2);
}

TEST(OpenLoop, EndsAfterTheCallsThatCount) {
  FakeClock clock;
  OneThreadServer server(clock, absl::Microseconds(10));
  const LoadLength length = {.warm_up = absl::Seconds(1), .calls = 500};
  const BenchResult result = RunOpen(server, clock, kThousand, length);
  EXPECT_EQ(result.Calls(), 500);
  EXPECT_NEAR(static_cast<double>(result.CallsMade()), 1500, 1);
  EXPECT_NEAR(absl::ToDoubleSeconds(result.Length()), 0.5, 0.002);
}

TEST(OpenLoop, HoldsBackCallsBeyondTheMostInFlight) {
  FakeClock clock;
  OneThreadServer server(clock, absl::Microseconds(10));
  OpenLoop loop = kThousand;
  loop.max_in_flight = 1;
  EXPECT_NEAR(static_cast<double>(RunOpen(server, clock, loop, Seconds(1)).Calls()), 1000, 1);
}

TEST(ClosedLoop, KeepsAsManyInFlightAsItIsTold) {
  FakeClock clock;
  OneThreadServer server(clock, absl::Milliseconds(1));
  const BenchResult result = RunClosed(server, clock, /*in_flight=*/8, Seconds(10, /*warm_up=*/1));
  EXPECT_NEAR(result.Rate(), 1000, 1);
  EXPECT_EQ(result.Succeeded().Min(), absl::Milliseconds(8));
  EXPECT_EQ(result.Succeeded().Max(), absl::Milliseconds(8));
}

TEST(ClosedLoop, EndsAfterTheCallsThatCount) {
  FakeClock clock;
  OneThreadServer server(clock, absl::Milliseconds(1));
  const LoadLength length = {.warm_up = absl::ZeroDuration(), .calls = 10};
  const BenchResult result = RunClosed(server, clock, /*in_flight=*/64, length);
  EXPECT_EQ(result.Calls(), 10);
  EXPECT_EQ(result.CallsMade(), 10);
}

}  // namespace
}  // namespace ridgeline
