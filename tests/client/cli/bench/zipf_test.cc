#include "client/cli/bench/zipf.h"

#include <cmath>
#include <numeric>
#include <vector>

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

constexpr int kDraws = 200'000;

std::vector<double> Shares(int64_t n, double exponent, uint64_t seed) {
  const ZipfRanks ranks(n, exponent);
  BenchRandom random(seed);
  std::vector<double> shares(n);
  for (int i = 0; i < kDraws; ++i) shares.at(ranks.Draw(random)) += 1.0 / kDraws;
  return shares;
}

// By the definition: a table of all weights.
std::vector<double> Probabilities(int64_t n, double exponent) {
  std::vector<double> weights;
  for (int64_t rank = 1; rank <= n; ++rank) weights.push_back(std::pow(static_cast<double>(rank), -exponent));
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) weight /= sum;
  return weights;
}

TEST(ZipfRanks, AreDrawnWithTheProbabilitiesOfTheDefinition) {
  for (int64_t n : {1, 2, 3, 20, 500}) {
    for (double exponent : {0.0, 0.5, 1.0, 1.2, 3.0}) {
      const std::vector<double> expected = Probabilities(n, exponent);
      const std::vector<double> shares = Shares(n, exponent, /*seed=*/n);
      for (int64_t rank = 0; rank < n; ++rank) {
        const double deviation = std::sqrt(expected[rank] / kDraws);
        EXPECT_NEAR(shares[rank], expected[rank], 5 * deviation + 2.0 / kDraws)
            << n << " " << exponent << " " << rank;
      }
    }
  }
}

TEST(ZipfRanks, StayInRangeForMillions) {
  for (double exponent : {0.0, 0.99, 1.0, 2.0, 10.0}) {
    const ZipfRanks ranks(20'000'000, exponent);
    BenchRandom random(/*seed=*/5);
    for (int i = 0; i < 10'000; ++i) {
      const int64_t rank = ranks.Draw(random);
      ASSERT_GE(rank, 0);
      ASSERT_LT(rank, 20'000'000);
    }
  }
}

TEST(ZipfRanks, RepeatFromTheirSeed) {
  EXPECT_EQ(Shares(100, 1.0, /*seed=*/3), Shares(100, 1.0, /*seed=*/3));
  EXPECT_NE(Shares(100, 1.0, /*seed=*/3), Shares(100, 1.0, /*seed=*/4));
}

}  // namespace
}  // namespace ridgeline
