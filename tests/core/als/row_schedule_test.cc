#include "core/als/row_schedule.h"

#include <algorithm>
#include <vector>

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

CsrMatrix MatrixOfLengths(const std::vector<int64_t>& lengths) {
  CsrMatrix matrix;
  matrix.rows = static_cast<uint32_t>(lengths.size());
  for (const int64_t length : lengths) matrix.offsets.push_back(matrix.offsets.back() + length);
  return matrix;
}

TEST(RowSchedule, HoldsEveryRowOnce) {
  std::vector<int64_t> lengths(20'000);
  for (size_t row = 0; row < lengths.size(); ++row) lengths[row] = static_cast<int64_t>(row * row % 97);
  std::vector<int> times(lengths.size(), 0);
  for (const RowBlock& block : ScheduleRows(MatrixOfLengths(lengths), 32)) {
    for (int64_t row = block.begin; row < block.end; ++row) ++times[static_cast<size_t>(row)];
  }
  EXPECT_EQ(times, std::vector<int>(lengths.size(), 1));
}

TEST(RowSchedule, BeginsWithTheRowThatIsMoreWorkThanAllOthers) {
  std::vector<int64_t> lengths(5000, 3);
  lengths[4321] = 1'000'000;
  const std::vector<RowBlock> blocks = ScheduleRows(MatrixOfLengths(lengths), 32);
  EXPECT_LE(blocks.front().begin, 4321);
  EXPECT_EQ(blocks.front().end, 4322);
}

TEST(RowSchedule, KeepsEveryBlockNearItsShareOfTheWork) {
  const std::vector<RowBlock> blocks = ScheduleRows(MatrixOfLengths(std::vector<int64_t>(100'000, 20)), 64);
  EXPECT_GE(blocks.size(), 500u);
  for (const RowBlock& block : blocks) EXPECT_LE(block.end - block.begin, 100'000 / 500 + 1);
}

TEST(RowSchedule, IsEmptyOfNoRows) {
  EXPECT_TRUE(ScheduleRows(MatrixOfLengths({}), 8).empty());
}

}  // namespace
}  // namespace ridgeline
