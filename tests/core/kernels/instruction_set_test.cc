#include <dlfcn.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/kernels/kernels.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/kernels/random_vector.h"

namespace ridgeline {
namespace {

#ifndef RIDGELINE_KERNEL_FOLDER

TEST(InstructionSet, IsPortableInABuildForOneLevel) {
  EXPECT_STREQ(kernels::InstructionSet(), "portable");
}

#else

struct Level {
  std::string name;
  std::string folder;
  bool supported;
};

// From the least to the best.
std::vector<Level> Levels() {
  const std::string base = RIDGELINE_KERNEL_FOLDER;
  return {{"x86-64-v2", base, __builtin_cpu_supports("x86-64-v2") != 0},
          {"x86-64-v3", base + "/glibc-hwcaps/x86-64-v3", __builtin_cpu_supports("x86-64-v3") != 0},
          {"x86-64-v4", base + "/glibc-hwcaps/x86-64-v4", __builtin_cpu_supports("x86-64-v4") != 0}};
}

// The functions of one level's library, loaded beside the one that the program runs on; unloaded at the end.
class LoadedKernels {
 public:
  explicit LoadedKernels(const Level& level)
      : library_(dlopen((level.folder + "/libridgeline_kernels.so").c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (library_ == nullptr) ADD_FAILURE() << dlerror();
  }
  ~LoadedKernels() {
    if (library_ != nullptr) dlclose(library_);
  }
  LoadedKernels(const LoadedKernels&) = delete;
  LoadedKernels& operator=(const LoadedKernels&) = delete;

  const char* InstructionSet() const {
    return Function<decltype(kernels::InstructionSet)>("_ZN9ridgeline7kernels14InstructionSetEv")();
  }
  float Dot(const std::vector<float>& a, const std::vector<float>& b) const {
    return Function<decltype(kernels::Dot)>("_ZN9ridgeline7kernels3DotEPKfS2_i")(a.data(), b.data(),
                                                                                 static_cast<int>(a.size()));
  }
  std::vector<double> Gramian(const std::vector<float>& factors, int factor_count) const {
    std::vector<double> gramian(static_cast<size_t>(factor_count) * factor_count);
    Function<decltype(kernels::AddGramian)>("_ZN9ridgeline7kernels10AddGramianEPKfliPd")(
        factors.data(), static_cast<int64_t>(factors.size()) / factor_count, factor_count, gramian.data());
    return gramian;
  }
  std::vector<float> SolveRow(const kernels::RowSystem& system) const {
    kernels::RowWorkspace workspace;
    std::vector<float> solution(static_cast<size_t>(system.dimension()));
    EXPECT_TRUE(Function<decltype(kernels::SolveRow)>(
        "_ZN9ridgeline7kernels8SolveRowERKNS0_9RowSystemERNS0_12RowWorkspaceEPf")(system, workspace,
                                                                                  solution.data()));
    return solution;
  }

 private:
  template <typename Signature>
  Signature* Function(const char* symbol) const {
    return reinterpret_cast<Signature*>(dlsym(library_, symbol));
  }

  void* library_;
};

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
