#include "core/base/ticker.h"

#include <atomic>
#include <future>

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(Ticker, WorksAgainAndAgain) {
  std::promise<void> third;
  std::atomic<int> calls{0};
  const Ticker ticker(absl::Milliseconds(1), [&] {
    if (++calls == 3) third.set_value();
  });
  third.get_future().wait();
  EXPECT_GE(calls, 3);
}

TEST(Ticker, StopsAtOnceHoweverLongTheInterval) {
  std::atomic<int> calls{0};
  {
    const Ticker ticker(absl::InfiniteDuration(), [&] { ++calls; });
  }
  EXPECT_EQ(calls, 0);
}

}  // namespace
}  // namespace ridgeline
