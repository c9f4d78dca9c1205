#include "core/evaluation/ranking_metrics.h"

#include <cmath>
#include <set>

#include "core/base/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::StartsWith;
using Rows = std::vector<uint32_t>;

double Of(RankingMetric metric, int k, const Rows& ranked, const Rows& test,
          RecallDenominator denominator = RecallDenominator::kTestItems) {
  return RankingMetricOfUser({metric, k}, denominator, ranked, test);
}

// Answers 5, 3, 9, 1; the user has 1, 5, 7: hits at ranks 1 and 4.
const Rows kRanked = {5, 3, 9, 1};
const Rows kTest = {1, 5, 7};

TEST(RankingMetrics, RecallDividesByTheTestItems) {
  EXPECT_DOUBLE_EQ(Of(RankingMetric::kRecall, 4, kRanked, kTest), 2.0 / 3);
  EXPECT_DOUBLE_EQ(Of(RankingMetric::kRecall, 2, kRanked, kTest), 1.0 / 3);
}

TEST(RankingMetrics, RecallDividesByTheSmallerOfCutOffAndTestItemsWhenAsked) {
  EXPECT_DOUBLE_EQ(Of(RankingMetric::kRecall, 2, kRanked, kTest, RecallDenominator::kMin), 1.0 / 2);
  EXPECT_DOUBLE_EQ(Of(RankingMetric::kRecall, 4, kRanked, kTest, RecallDenominator::kMin), 2.0 / 3);
}

TEST(RankingMetrics, PrecisionDividesByTheCutOffEvenWithFewerAnswers) {
  EXPECT_DOUBLE_EQ(Of(RankingMetric::kPrecision, 4, kRanked, kTest), 0.5);
  EXPECT_DOUBLE_EQ(Of(RankingMetric::kPrecision, 10, kRanked, kTest), 0.2);
}

TEST(RankingMetrics, NdcgDiscountsByRankAndNormalizesByTheBestPossible) {
  const double ideal = 1.0 + 1.0 / std::log2(3.0) + 1.0 / std::log2(4.0);
  EXPECT_DOUBLE_EQ(Of(RankingMetric::kNdcg, 4, kRanked, kTest), (1.0 + 1.0 / std::log2(5.0)) / ideal);
  EXPECT_DOUBLE_EQ(Of(RankingMetric::kNdcg, 1, kRanked, kTest), 1.0);
}

TEST(RankingMetrics, MapAveragesPrecisionAtTheHits) {
  EXPECT_DOUBLE_EQ(Of(RankingMetric::kMap, 4, kRanked, kTest), (1.0 / 1 + 2.0 / 4) / 3);
  EXPECT_DOUBLE_EQ(Of(RankingMetric::kMap, 2, kRanked, kTest), (1.0 / 1) / 2);
}

TEST(RankingMetrics, HitRateIsOneWithAnyHit) {
  EXPECT_EQ(Of(RankingMetric::kHitRate, 1, kRanked, {1}), 0.0);
  EXPECT_EQ(Of(RankingMetric::kHitRate, 4, kRanked, {1}), 1.0);
}

TEST(RankingMetrics, PerfectAnswersScoreOneAndNoneScoresZero) {
  for (RankingMetric metric : {RankingMetric::kRecall, RankingMetric::kNdcg, RankingMetric::kMap}) {
    EXPECT_DOUBLE_EQ(Of(metric, 3, {7, 1, 5}, kTest), 1.0);
    EXPECT_EQ(Of(metric, 3, {}, kTest), 0.0);
  }
}

// The definitions of the header, written as they read.
double NaiveNdcg(int k, const Rows& ranked, const Rows& test) {
  const std::set<uint32_t> relevant(test.begin(), test.end());
  double gain = 0.0, ideal = 0.0;
  for (int r = 1; r <= k; ++r) {
    if (r <= static_cast<int>(ranked.size()) && relevant.count(ranked[r - 1])) gain += 1 / std::log2(r + 1);
    if (r <= static_cast<int>(test.size())) ideal += 1 / std::log2(r + 1);
  }
  return gain / ideal;
}

double NaiveMap(int k, const Rows& ranked, const Rows& test) {
  const std::set<uint32_t> relevant(test.begin(), test.end());
  double sum = 0.0;
  for (int r = 1; r <= std::min<int>(k, ranked.size()); ++r) {
    if (!relevant.count(ranked[r - 1])) continue;
    int hits = 0;
    for (int s = 0; s < r; ++s) hits += static_cast<int>(relevant.count(ranked[s]));
    sum += static_cast<double>(hits) / r;
  }
  return sum / std::min<double>(k, test.size());
}

TEST(RankingMetrics, EqualTheNaiveDefinitionsOnRandomAnswers) {
  Random random(11);
  for (int round = 0; round < 200; ++round) {
    Rows ranked(30);
    for (uint32_t i = 0; i < ranked.size(); ++i) ranked[i] = i;
    for (size_t i = ranked.size(); i > 1; --i) std::swap(ranked[i - 1], ranked[random.Below(i)]);
    ranked.resize(random.Below(30));
    Rows test;
    for (uint32_t row = 0; row < 40; ++row) {
      if (random.Uniform() < 0.2) test.push_back(row);
    }
    if (test.empty()) continue;
    const int k = 1 + static_cast<int>(random.Below(25));
    EXPECT_NEAR(Of(RankingMetric::kNdcg, k, ranked, test), NaiveNdcg(k, ranked, test), 1e-12);
    EXPECT_NEAR(Of(RankingMetric::kMap, k, ranked, test), NaiveMap(k, ranked, test), 1e-12);
  }
}

TEST(RankingMetrics, NamesParseBack) {
  for (const char* name : {"recall@20", "precision@1", "ndcg@100", "map@10", "hit_rate@5", "coverage@50"}) {
    EXPECT_EQ(RankingMetricName(ParseRankingMetric(name).value()), name);
  }
}

TEST(RankingMetrics, BadNamesAreRefused) {
  for (const char* name : {"", "ndcg", "ndcg@", "ndcg@0", "ndcg@-1", "ndcg@x", "ndcg@20x", "@20", "rmse@20",
                           "ndcg@99999999999"}) {
    const auto metric = ParseRankingMetric(name);
    EXPECT_EQ(metric.status().code(), absl::StatusCode::kInvalidArgument) << name;
    EXPECT_THAT(std::string(metric.status().message()), StartsWith("metrics:"));
  }
}

}  // namespace
}  // namespace ridgeline
