#include "server/access/token_bucket.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <thread>
#include <vector>

#include "core/base/random.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

// The bucket as one would write it down: what is in it grows with time and is taken. It is reckoned in the
// nanoseconds that it takes to fill, since those are whole.
class NaiveBucket {
 public:
  NaiveBucket(double rate, double burst)
      : each_(std::llround(1e9 / rate)), full_(std::llround(burst * 1e9 / rate)), filled_(full_) {}

  bool TryTake(absl::Duration now) {
    filled_ = std::min(full_, filled_ + absl::ToInt64Nanoseconds(now - last_));
    last_ = now;
    if (filled_ < each_) return false;
    filled_ -= each_;
    return true;
  }

 private:
  const int64_t each_;
  const int64_t full_;
  int64_t filled_;
  absl::Duration last_ = absl::ZeroDuration();
};

TEST(TokenBucket, AgreesWithTokensThatAreCounted) {
  for (const double rate : {0.5, 3.0, 100.0, 12'345.0}) {
    for (const double burst : {1.0, 2.0, 50.0}) {
      TokenBucket bucket;
      bucket.Set(rate, burst);
      NaiveBucket naive(rate, burst);
      Random random(7);
      absl::Duration now = absl::Seconds(1'000);
      int taken = 0;
      for (int i = 0; i < 5'000; ++i) {
        // From crowds to rests of some tokens' time, in whole nanoseconds.
        now += absl::Nanoseconds(static_cast<int64_t>(random.Uniform() * random.Uniform() * 3e9 / rate));
        const bool expected = naive.TryTake(now);
        taken += expected ? 1 : 0;
        ASSERT_EQ(bucket.TryTake(now) == absl::ZeroDuration(), expected) << rate << " " << burst << " " << i;
      }
      EXPECT_GT(taken, 2'000);
      EXPECT_LT(taken, 4'900);
    }
  }
}

TEST(TokenBucket, TellsWhenTheTokenWillBeThere) {
  TokenBucket bucket;
  bucket.Set(10.0, 3.0);
  const absl::Duration now = absl::Hours(5);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bucket.TryTake(now), absl::ZeroDuration());
  const absl::Duration wait = bucket.TryTake(now);
  EXPECT_EQ(wait, absl::Milliseconds(100));
  EXPECT_GT(bucket.TryTake(now + wait - absl::Nanoseconds(1)), absl::ZeroDuration());
  EXPECT_EQ(bucket.TryTake(now + wait), absl::ZeroDuration());
}

TEST(TokenBucket, WithoutABoundTakesAll) {
  TokenBucket bucket;
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(bucket.TryTake(absl::ZeroDuration()), absl::ZeroDuration());
  EXPECT_EQ(bucket.Take(absl::ZeroDuration(), 1e12), absl::ZeroDuration());
  bucket.Set(1.0, 1.0);
  EXPECT_EQ(bucket.TryTake(absl::ZeroDuration()), absl::ZeroDuration());
  EXPECT_GT(bucket.TryTake(absl::ZeroDuration()), absl::ZeroDuration());
  bucket.Set(0.0, 0.0);
  EXPECT_EQ(bucket.TryTake(absl::ZeroDuration()), absl::ZeroDuration());
}

TEST(TokenBucket, GoesIntoDebtOnlyWhenTold) {
  TokenBucket bucket;
  bucket.Set(100.0, 100.0);
  const absl::Duration now = absl::Seconds(9);
  EXPECT_GT(bucket.TryTake(now, 101.0), absl::ZeroDuration());
  EXPECT_EQ(bucket.Take(now, 100.0), absl::ZeroDuration());
  EXPECT_EQ(bucket.Take(now, 250.0), absl::Milliseconds(2'500));
  EXPECT_EQ(bucket.Take(now + absl::Seconds(1), 50.0), absl::Seconds(2));
  // 200 a second's rate behind: at rest after two seconds more.
  EXPECT_EQ(bucket.Take(now + absl::Seconds(3), 0.0), absl::ZeroDuration());
}

TEST(TokenBucket, HoldsABurstOfManyThreadsToItsBound) {
  TokenBucket bucket;
  bucket.Set(1.0, 1'000.0);
  std::atomic<int> taken{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1'000; ++i) {
        if (bucket.TryTake(absl::Seconds(1)) == absl::ZeroDuration()) ++taken;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(taken, 1'000);
}

}  // namespace
}  // namespace ridgeline
