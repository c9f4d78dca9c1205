#include "core/dataset/compact_offsets.h"

#include "core/base/random.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(CompactOffsets, GivesBackNumbersOfAnySize) {
  Random random(3);
  std::vector<uint64_t> offsets = {
      0, 0, 1, UINT32_MAX, uint64_t{1} << 32, uint64_t{1} << 32, uint64_t{5} << 32};
  for (int n = 0; n < 1000; ++n) offsets.push_back(offsets.back() + random.Below(uint64_t{1} << 31));
  const CompactOffsets compact(offsets);
  ASSERT_EQ(compact.size(), offsets.size());
  for (size_t index = 0; index < offsets.size(); ++index) EXPECT_EQ(compact[index], offsets[index]) << index;
  EXPECT_EQ(compact.ToVector(), offsets);
}

TEST(CompactOffsets, BeginsEmptyAndGrows) {
  CompactOffsets compact;
  EXPECT_EQ(compact.size(), 0u);
  compact.Append(uint64_t{3} << 32);
  compact.Append((uint64_t{3} << 32) + 7);
  EXPECT_EQ(compact[0], uint64_t{3} << 32);
  EXPECT_EQ(compact[1], (uint64_t{3} << 32) + 7);
}

TEST(CompactOffsets, ForgetsUpperHalvesWithTheRest) {
  CompactOffsets compact({uint64_t{3} << 32});
  compact.Clear();
  EXPECT_EQ(compact.size(), 0u);
  compact.Append(7);
  EXPECT_EQ(compact[0], 7u);
}

}  // namespace
}  // namespace ridgeline
