#include "core/lab/search_space.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

SearchSpace Space() {
  return {{8, 16}, {0.01, 1.0}, {0.1, 10.0}, {2.0, 2.0}};
}

TEST(ParseRange, ReadsBoundsInOrder) {
  EXPECT_EQ(ParseRange("r", "0.5:2").value().low, 0.5);
  EXPECT_EQ(ParseRange("r", "0.5:2").value().high, 2.0);
  for (const char* text : {"", "1", "2:1", "0:1", "-1:1", "1:inf", "nan:1", "1:2:3", "a:b"}) {
    EXPECT_THAT(std::string(ParseRange("r", text).status().message()), StartsWith("r: must be LOW:HIGH"))
        << text;
  }
}

TEST(ParseFactorChoices, ReadsNumbers) {
  EXPECT_THAT(ParseFactorChoices("f", "8,16").value(), ElementsAre(8, 16));
  for (const char* text : {"", "0", "8,", "8,x", "5000"}) {
    EXPECT_THAT(std::string(ParseFactorChoices("f", text).status().message()), StartsWith("f:")) << text;
  }
}

TEST(DrawCandidates, BeginsWithTheBaseAndStaysInTheSpace) {
  const Hyperparameters base = DefaultHyperparameters(Feedback::kImplicit);
  const auto candidates = DrawCandidates(Space(), base, 200, 1);
  ASSERT_EQ(candidates.size(), 200u);
  EXPECT_EQ(candidates[0].regularization, base.regularization);
  EXPECT_EQ(candidates[0].factors, base.factors);
  std::set<int> factors;
  int below_middle = 0;
  for (size_t i = 1; i < candidates.size(); ++i) {
    factors.insert(candidates[i].factors);
    EXPECT_GE(candidates[i].regularization, 0.01);
    EXPECT_LE(candidates[i].regularization, 1.0);
    EXPECT_GE(candidates[i].unobserved_weight, 0.1);
    EXPECT_LE(candidates[i].unobserved_weight, 10.0);
    EXPECT_EQ(candidates[i].bias_regularization, base.bias_regularization);
    below_middle += candidates[i].regularization < 0.1 ? 1 : 0;
  }
  EXPECT_EQ(factors, (std::set<int>{8, 16}));
  EXPECT_NEAR(below_middle, 100, 25) << "half of the draws are below the middle of the logarithm";
}

TEST(DrawCandidates, DrawsBiasRegularizationForRatings) {
  const Hyperparameters base = DefaultHyperparameters(Feedback::kExplicit);
  const auto candidates = DrawCandidates(Space(), base, 3, 1);
  EXPECT_EQ(candidates[1].bias_regularization, 2.0);
  EXPECT_EQ(candidates[1].unobserved_weight, base.unobserved_weight);
}

TEST(DrawCandidates, RepeatsFromItsSeedAndGrowsAtTheEnd) {
  const Hyperparameters base = DefaultHyperparameters(Feedback::kImplicit);
  const auto few = DrawCandidates(Space(), base, 5, 7), many = DrawCandidates(Space(), base, 9, 7);
  for (size_t i = 0; i < few.size(); ++i) EXPECT_EQ(few[i].regularization, many[i].regularization);
  EXPECT_NE(few[1].regularization, DrawCandidates(Space(), base, 5, 8)[1].regularization);
}

}  // namespace
}  // namespace ridgeline
