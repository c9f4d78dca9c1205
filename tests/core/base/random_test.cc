#include "core/base/random.h"

#include <cmath>
#include <set>
#include <vector>

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(Random, GivesTheStreamThatOldModelsWereMadeWith) {
  Random random(1234567);
  EXPECT_EQ(random(), 6457827717110365317u);  // SplitMix64's published test vector
  EXPECT_EQ(random(), 3203168211198807973u);
  EXPECT_EQ(random(), 9817491932198370423u);
}

TEST(Random, BelowIsUniformAndBounded) {
  Random random(1);
  std::vector<int> counts(7);
  for (int n = 0; n < 70000; ++n) ++counts[random.Below(7)];
  for (const int count : counts) EXPECT_NEAR(count, 10000, 500);
  for (int n = 0; n < 100; ++n) EXPECT_EQ(random.Below(1), 0u);
}

TEST(Random, UniformIsInTheHalfOpenUnitInterval) {
  Random random(2);
  double sum = 0;
  for (int n = 0; n < 100000; ++n) {
    const double value = random.Uniform();
    ASSERT_GE(value, 0.0);
    ASSERT_LT(value, 1.0);
    sum += value;
  }
  EXPECT_NEAR(sum / 100000, 0.5, 0.005);
}

TEST(Random, NormalHasMeanZeroAndDeviationOne) {
  Random random(3);
  double sum = 0;
  double squares = 0;
  for (int n = 0; n < 100000; ++n) {
    const double value = random.Normal();
    ASSERT_TRUE(std::isfinite(value));
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / 100000, 0, 0.02);
  EXPECT_NEAR(squares / 100000, 1, 0.02);
}

TEST(Random, ForkedStreamsDifferAndRepeat) {
  std::set<uint64_t> first_draws;
  for (uint64_t seed = 0; seed < 30; ++seed) {
    for (uint64_t index = 0; index < 1000; ++index) first_draws.insert(Random::Fork(seed, index)());
  }
  EXPECT_EQ(first_draws.size(), 30000u);
  EXPECT_EQ(Random::Fork(5, 6)(), Random::Fork(5, 6)());
}

}  // namespace
}  // namespace ridgeline
