#include "core/lab/flag_range.h"

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(CheckRange, TakesBothEndsAndNamesTheFieldBeyondThem) {
  EXPECT_TRUE(CheckRange("k", 1, 1, 9).ok());
  EXPECT_TRUE(CheckRange("k", 9, 1, 9).ok());
  EXPECT_EQ(CheckRange("k", 0, 1, 9).message(), "k: must be between 1 and 9, got 0");
  EXPECT_EQ(CheckRange("k", 10, 1, 9).code(), absl::StatusCode::kInvalidArgument);
}

TEST(CheckThreads, ZeroIsOneAProcessor) {
  EXPECT_TRUE(CheckThreads(0).ok());
  EXPECT_FALSE(CheckThreads(-1).ok());
  EXPECT_FALSE(CheckThreads(1025).ok());
}

}  // namespace
}  // namespace ridgeline
