#include "core/kernels/code_scan_vnni.h"

#include <cstdint>

#include "gtest/gtest.h"
#include "tests/core/kernels/code_sample.h"
#include "tests/core/kernels/loaded_kernels.h"

namespace ridgeline {
namespace {

#ifdef RIDGELINE_KERNEL_FOLDER

// The library of x86-64-v4 takes the VNNI loop where the processor has one: then this compares it too.
TEST(ScanCodesVnni, LetsTheSameRowsThroughAsEveryOtherLevel) {
  const LoadedKernels base(Levels().front());
  for (const Level& level : Levels()) {
    if (!level.supported) continue;
    for (const int groups : {1, 3, 4, 16, 21}) {
      const CodeSample sample(4, groups, 11, static_cast<uint32_t>(groups));
      EXPECT_EQ(LoadedKernels(level).ScanCodes(sample, 11), base.ScanCodes(sample, 11)) << level.name;
    }
  }
}

#else

TEST(ScanCodesVnni, IsNoPartOfABuildForOneLevel) {
  EXPECT_STREQ(kernels::InstructionSet(), "portable");
}

#endif  // RIDGELINE_KERNEL_FOLDER

}  // namespace
}  // namespace ridgeline
