#include "core/lab/peak_memory.h"

#include <vector>

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(PeakResidentBytes, CountsMemoryThatWasTouchedAndGivenBack) {
  const int64_t before = PeakResidentBytes();
  constexpr size_t kBytes = size_t{256} << 20;
  { const std::vector<char> touched(kBytes, 1); }
  EXPECT_GE(PeakResidentBytes(), static_cast<int64_t>(kBytes));
  EXPECT_GE(PeakResidentBytes(), before);
}

TEST(ResidentBytes, FallsWhenMemoryIsGivenBack) {
  constexpr size_t kBytes = size_t{256} << 20;
  int64_t held = 0;
  {
    const std::vector<char> touched(kBytes, 1);
    held = ResidentBytes();
  }
  EXPECT_GE(held, static_cast<int64_t>(kBytes));
  EXPECT_LT(ResidentBytes(), held);
  constexpr int64_t kUncounted = 1 << 20;  // the kernel adds up each processor's pages in batches
  EXPECT_GE(PeakResidentBytes(), held - kUncounted);
}

}  // namespace
}  // namespace ridgeline
