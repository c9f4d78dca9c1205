#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/kernels/kernels.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/kernels/loaded_kernels.h"
#include "tests/core/kernels/random_vector.h"

namespace ridgeline {
namespace {

#ifndef RIDGELINE_KERNEL_FOLDER

TEST(InstructionSet, IsPortableInABuildForOneLevel) {
  EXPECT_STREQ(kernels::InstructionSet(), "portable");
}

#else

// How far apart the sums of `terms` products of numbers below 1 may lie that were added in different orders.
double Tolerance(double terms) {
  return std::numeric_limits<float>::epsilon() * terms;
}

template <typename Numbers>
void ExpectNear(const Numbers& actual, const Numbers& expected, double tolerance) {
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t at = 0; at < actual.size(); ++at) EXPECT_NEAR(actual[at], expected[at], tolerance);
}

// The solution of one system whose matrix lies between 1 and some `entries` times the identity.
std::vector<float> SolveSample(const LoadedKernels& loaded, int factor_count) {
  constexpr uint32_t kEntries = 50;
  const std::vector<float> factors = RandomVector(int64_t{kEntries} * factor_count, 1);
  const std::vector<float> weights = RandomVector(kEntries, 2, 0.1f, 1.0f);
  const std::vector<float> ridge(static_cast<size_t>(factor_count), 1.0f);
  std::vector<uint32_t> columns(kEntries);
  for (uint32_t entry = 0; entry < kEntries; ++entry) columns[entry] = entry;
  kernels::RowSystem system;
  system.factors = factors.data();
  system.factor_count = factor_count;
  system.columns = columns.data();
  system.weights = weights.data();
  system.targets = weights.data();
  system.entries = kEntries;
  system.ridge = ridge.data();
  return loaded.SolveRow(system);
}

TEST(InstructionSet, IsTheBestThatTheProcessorHas) {
  std::string best;
  for (const Level& level : Levels()) {
    if (level.supported) best = level.name;
  }
  EXPECT_EQ(kernels::InstructionSet(), best);
}

TEST(InstructionSet, IsToldByEachLibraryOfItself) {
  for (const Level& level : Levels()) {
    if (level.supported) {
      EXPECT_EQ(LoadedKernels(level).InstructionSet(), level.name);
    }
  }
}

TEST(InstructionSet, ChangesResultsByRoundingOnly) {
  const LoadedKernels base(Levels().front());
  for (const Level& level : Levels()) {
    if (!level.supported) continue;
    const LoadedKernels loaded(level);
    for (const int size : kOddSizes) {
      if (size == 0) continue;
      const std::vector<float> a = RandomVector(size, 1), b = RandomVector(size, 2);
      EXPECT_NEAR(loaded.Dot(a, b), base.Dot(a, b), Tolerance(size)) << level.name;
      const std::vector<float> factors = RandomVector(100 * size, 3);
      ExpectNear(loaded.Gramian(factors, size), base.Gramian(factors, size), Tolerance(10 * 100));
      // Forward errors: the condition number, at most some 50 times the size, comes on top.
      ExpectNear(SolveSample(loaded, size), SolveSample(base, size), Tolerance(50.0 * size));
    }
  }
}

#endif  // RIDGELINE_KERNEL_FOLDER

}  // namespace
}  // namespace ridgeline
