#include "core/als/attribute_mapping.h"

#include <Eigen/Dense>

#include "core/base/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/als/random_dataset.h"

namespace ridgeline {
namespace {

using testing::Each;
using testing::FloatNear;
using testing::StartsWith;

constexpr uint32_t kMappedItems = 60;
constexpr uint32_t kTags = 5;
constexpr int kMappedFactors = 3;

CsrMatrix RandomTags(uint64_t seed) {
  Random random(seed);
  CsrMatrix tags;
  tags.rows = kMappedItems;
  tags.columns = kTags;
  for (uint32_t item = 0; item < kMappedItems; ++item) {
    for (uint32_t tag = 0; tag < kTags; ++tag) {
      if (random.Uniform() < 0.4) tags.column_indices.push_back(tag);
    }
    tags.offsets.push_back(static_cast<int64_t>(tags.column_indices.size()));
  }
  tags.values.assign(tags.column_indices.size(), 1.0f);
  return tags;
}

std::vector<float> RandomCounts(uint64_t seed) {
  Random random(seed);
  std::vector<float> counts(kMappedItems);
  for (float& count : counts) count = static_cast<float>(random.Below(30));
  return counts;
}

Eigen::VectorXd LeftSide(const CsrMatrix& tags, uint32_t item) {
  Eigen::VectorXd ones = Eigen::VectorXd::Zero(kTags + 1);
  ones(0) = 1.0;
  for (const uint32_t tag : tags.RowColumns(item)) ones(tag + 1) = 1.0;
  return ones;
}

// The regression as a dense system, without `left_out`.
Eigen::MatrixXd NaiveWeights(const FactorMatrix& items, const CsrMatrix& tags,
                             const std::vector<float>& counts, double regularization,
                             uint32_t left_out = kMappedItems) {
  Eigen::MatrixXd left = regularization * Eigen::MatrixXd::Identity(kTags + 1, kTags + 1);
  left(0, 0) = 0.0;
  Eigen::MatrixXd right = Eigen::MatrixXd::Zero(kTags + 1, kMappedFactors + 1);
  for (uint32_t item = 0; item < kMappedItems; ++item) {
    if (item == left_out) continue;
    Eigen::VectorXd target(kMappedFactors + 1);
    for (int k = 0; k < kMappedFactors; ++k) target(k) = items.Row(item)[static_cast<size_t>(k)];
    target(kMappedFactors) = items.biases[item];
    const double weight = counts[item] / (counts[item] + 10.0);
    const Eigen::VectorXd ones = LeftSide(tags, item);
    left += weight * ones * ones.transpose();
    right += weight * ones * target.transpose();
  }
  return left.fullPivLu().solve(right);
}

double NaiveLeaveOneOutError(const FactorMatrix& items, const CsrMatrix& tags,
                             const std::vector<float>& counts, double regularization) {
  double error = 0.0;
  for (uint32_t item = 0; item < kMappedItems; ++item) {
    const Eigen::MatrixXd weights = NaiveWeights(items, tags, counts, regularization, item);
    const Eigen::VectorXd predicted = weights.transpose() * LeftSide(tags, item);
    double squared = std::pow(items.biases[item] - predicted(kMappedFactors), 2);
    for (int k = 0; k < kMappedFactors; ++k)
      squared += std::pow(items.Row(item)[static_cast<size_t>(k)] - predicted(k), 2);
    error += counts[item] / (counts[item] + 10.0) * squared;
  }
  return error;
}

TEST(AttributeMapping, PredictsAsTheDenseRegressionAtTheBestLeaveOneOutError) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const FactorMatrix items = RandomFactors(kMappedItems, kMappedFactors, true, seed);
    const CsrMatrix tags = RandomTags(seed);
    const std::vector<float> counts = RandomCounts(seed);
    const auto mapping = AttributeMapping::Fit(items, tags, counts);
    ASSERT_TRUE(mapping.ok()) << mapping.status();
    const double least = NaiveLeaveOneOutError(items, tags, counts, mapping->regularization());
    for (const double other : {0.1, 1.0, 10.0, 100.0}) {
      EXPECT_LE(least, NaiveLeaveOneOutError(items, tags, counts, other) * (1 + 1e-9));
    }
    const Eigen::MatrixXd weights = NaiveWeights(items, tags, counts, mapping->regularization());
    for (uint32_t item = 0; item < kMappedItems; ++item) {
      const Eigen::VectorXd expected = weights.transpose() * LeftSide(tags, item);
      const UserVector predicted = mapping->Predict(tags.RowColumns(item));
      for (int k = 0; k < kMappedFactors; ++k) {
        EXPECT_NEAR(predicted.factors[static_cast<size_t>(k)], expected(k), 1e-5);
      }
      EXPECT_NEAR(predicted.bias, expected(kMappedFactors), 1e-5);
    }
  }
}

TEST(AttributeMapping, FindsFactorsThatAreASumOverTags) {
  const CsrMatrix tags = RandomTags(9);
  const FactorMatrix of_tags = RandomFactors(kTags, kMappedFactors, true, 10);
  FactorMatrix items = RandomFactors(kMappedItems, kMappedFactors, true, 11);
  for (uint32_t item = 0; item < kMappedItems; ++item) {
    for (size_t k = 0; k < kMappedFactors; ++k) {
      items.values[item * kMappedFactors + k] = 0.5f;
      for (const uint32_t tag : tags.RowColumns(item))
        items.values[item * kMappedFactors + k] += of_tags.Row(tag)[k];
    }
  }
  const auto mapping = AttributeMapping::Fit(items, tags, std::vector<float>(kMappedItems, 1000.0f)).value();
  EXPECT_EQ(mapping.regularization(), 0.1);
  for (size_t k = 0; k < kMappedFactors; ++k) {
    EXPECT_NEAR(mapping.Predict({2}).factors[k], 0.5f + of_tags.Row(2)[k], 0.02);
  }
}

TEST(AttributeMapping, WithoutTagsAnItemIsTheAverageOne) {
  FactorMatrix items = RandomFactors(kMappedItems, 2, true, 1);
  std::fill(items.values.begin(), items.values.end(), 4.0f);
  CsrMatrix tags;
  tags.rows = kMappedItems;
  tags.offsets.assign(kMappedItems + 1, 0);
  const auto mapping = AttributeMapping::Fit(items, tags, std::vector<float>(kMappedItems, 5.0f)).value();
  EXPECT_THAT(mapping.Predict({}).factors, Each(FloatNear(4.0f, 1e-5f)));
}

TEST(AttributeMapping, OfNonNegativeFactorsPredictsNoneBelowZero) {
  const FactorMatrix items = RandomFactors(kMappedItems, kMappedFactors, true, 3);
  const CsrMatrix tags = RandomTags(3);
  const auto free = AttributeMapping::Fit(items, tags, RandomCounts(3)).value();
  const auto kept = AttributeMapping::Fit(items, tags, RandomCounts(3), /*non_negative=*/true).value();
  for (uint32_t item = 0; item < kMappedItems; ++item) {
    const UserVector expected = free.Predict(tags.RowColumns(item));
    const UserVector predicted = kept.Predict(tags.RowColumns(item));
    for (size_t k = 0; k < kMappedFactors; ++k) {
      EXPECT_EQ(predicted.factors[k], std::max(expected.factors[k], 0.0f));
    }
    EXPECT_EQ(predicted.bias, expected.bias) << "biases may be below 0";
  }
}

TEST(AttributeMapping, ItemsWithoutInteractionsTeachNothing) {
  const FactorMatrix items = RandomFactors(kMappedItems, kMappedFactors, true, 3);
  const CsrMatrix tags = RandomTags(3);
  std::vector<float> counts = RandomCounts(3);
  counts[7] = 0.0f;
  FactorMatrix other = items;
  other.values[7 * kMappedFactors] = 1e6f;
  EXPECT_EQ(AttributeMapping::Fit(items, tags, counts)->Predict({1}).factors,
            AttributeMapping::Fit(other, tags, counts)->Predict({1}).factors);
}

TEST(AttributeMapping, NamesWhatDoesNotFit) {
  const FactorMatrix items = RandomFactors(kMappedItems, kMappedFactors, true, 3);
  const auto error = [&](const CsrMatrix& tags, const std::vector<float>& counts) {
    return std::string(AttributeMapping::Fit(items, tags, counts).status().message());
  };
  CsrMatrix tags = RandomTags(3);
  EXPECT_THAT(error(tags, std::vector<float>(kMappedItems, 0.0f)), StartsWith("items:"));
  EXPECT_THAT(error(tags, std::vector<float>(kMappedItems - 1, 1.0f)), StartsWith("tags:"));
  tags.columns = kMaxMappedTags + 1;
  EXPECT_THAT(error(tags, RandomCounts(3)), StartsWith("tags: there are 2049"));
}

}  // namespace
}  // namespace ridgeline
