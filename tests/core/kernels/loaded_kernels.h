#ifndef RIDGELINE_TESTS_CORE_KERNELS_LOADED_KERNELS_H_
#define RIDGELINE_TESTS_CORE_KERNELS_LOADED_KERNELS_H_

#include <dlfcn.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/kernels/code_scan.h"
#include "core/kernels/kernels.h"
#include "gtest/gtest.h"
#include "tests/core/kernels/code_sample.h"

#ifdef RIDGELINE_KERNEL_FOLDER  // the build has a library for each level

namespace ridgeline {

/// One x86-64 level and where its library lies.
struct Level {
  std::string name;
  std::string folder;
  bool supported;
};

/// From the least to the best.
inline std::vector<Level> Levels() {
  const std::string base = RIDGELINE_KERNEL_FOLDER;
  return {{"x86-64-v2", base, __builtin_cpu_supports("x86-64-v2") != 0},
          {"x86-64-v3", base + "/glibc-hwcaps/x86-64-v3", __builtin_cpu_supports("x86-64-v3") != 0},
          {"x86-64-v4", base + "/glibc-hwcaps/x86-64-v4", __builtin_cpu_supports("x86-64-v4") != 0}};
}

/// The functions of one level's library, loaded beside the one that the program runs on; unloaded at the end.
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
  std::vector<uint64_t> ScanCodes(const CodeSample& sample, int queries) const {
    constexpr int64_t kBlocks = 4;
    std::vector<uint64_t> hits(static_cast<size_t>(kBlocks * queries));
    Function<decltype(kernels::ScanCodes)>(
        "_ZN9ridgeline7kernels9ScanCodesERKNS0_10CodeMatrixEllRKNS0_11CodeQueriesEPm")(
        sample.matrix(true), 0, kBlocks, sample.queries(10.0f, false), hits.data());
    return hits;
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

}  // namespace ridgeline

#endif  // RIDGELINE_KERNEL_FOLDER

#endif  // RIDGELINE_TESTS_CORE_KERNELS_LOADED_KERNELS_H_
