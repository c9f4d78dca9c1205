#include "core/evaluation/successive_halving.h"

#include <map>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

// Scores by a table, and remembers what was asked for.
class Judge {
 public:
  explicit Judge(std::vector<double> scores) : scores_(std::move(scores)) {}

  HalvingResult Run(const HalvingOptions& options) {
    return SuccessiveHalving(scores_.size(), options,
                             [this](size_t candidate, int iterations) {
                               asked_.emplace_back(candidate, iterations);
                               return absl::StatusOr<double>(scores_[candidate]);
                             })
        .value();
  }

  std::map<int, std::vector<size_t>> AskedByIterations() const {
    std::map<int, std::vector<size_t>> rungs;
    for (const auto& [candidate, iterations] : asked_) rungs[iterations].push_back(candidate);
    return rungs;
  }

 private:
  const std::vector<double> scores_;
  std::vector<std::pair<size_t, int>> asked_;
};

TEST(SuccessiveHalving, TheBestOfEachRungGoOnWithMoreIterations) {
  Judge judge({9, 1, 2, 8, 3, 7, 4, 6, 5});
  const HalvingResult result = judge.Run({3, 2, 16});
  const auto rungs = judge.AskedByIterations();
  EXPECT_EQ(rungs.size(), 3u);
  EXPECT_THAT(rungs.at(2), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8));
  EXPECT_THAT(rungs.at(6), ElementsAre(0, 3, 5));
  EXPECT_THAT(rungs.at(16), ElementsAre(0));
  EXPECT_EQ(result.best, 0u);
  EXPECT_EQ(result.rungs[3].size(), 2u);
  EXPECT_EQ(result.rungs[3].back().iterations, 6);
}

TEST(SuccessiveHalving, CandidateZeroStaysAndLosesOnlyAtTheEnd) {
  Judge judge({1, 5, 6, 7});
  const HalvingResult result = judge.Run({2, 1, 4});
  const auto rungs = judge.AskedByIterations();
  EXPECT_THAT(rungs.at(2), ElementsAre(0, 2, 3));
  EXPECT_THAT(rungs.at(4), ElementsAre(0, 2, 3)) << "two of three, and candidate 0";
  EXPECT_EQ(result.best, 3u);
}

TEST(SuccessiveHalving, OfEqualScoresTheFirstWins) {
  Judge judge({4, 4, 4, 4});
  EXPECT_EQ(judge.Run({4, 3, 3}).best, 0u);
}

TEST(SuccessiveHalving, OneRungIsEnoughWhenTheIterationsAreTheSame) {
  Judge judge({1, 2});
  EXPECT_EQ(judge.Run({3, 5, 5}).best, 1u);
  EXPECT_THAT(judge.AskedByIterations().at(5), ElementsAre(0, 1));
}

TEST(SuccessiveHalving, RefusesBadOptionsBeforeTheFirstScore) {
  const auto error = [](const HalvingOptions& options, size_t candidates = 2) {
    const auto result = SuccessiveHalving(candidates, options, [](size_t, int) -> absl::StatusOr<double> {
      ADD_FAILURE() << "was asked";
      return 0.0;
    });
    EXPECT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument);
    return std::string(result.status().message());
  };
  EXPECT_THAT(error({1, 2, 16}), StartsWith("eta:"));
  EXPECT_THAT(error({3, 0, 16}), StartsWith("min_iterations:"));
  EXPECT_THAT(error({3, 17, 16}), StartsWith("max_iterations:"));
  EXPECT_THAT(error({3, 2, 16}, 0), StartsWith("candidates:"));
}

TEST(SuccessiveHalving, AFailedScoreEndsIt) {
  const auto result = SuccessiveHalving(3, {}, [](size_t candidate, int) -> absl::StatusOr<double> {
    if (candidate == 1) return absl::CancelledError("enough");
    return 1.0;
  });
  EXPECT_EQ(result.status().code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace ridgeline
