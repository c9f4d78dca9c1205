#include "core/retrieval/score_adjustment.h"

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(ScoreAdjustment, LeavesOtherRowsAsTheyAre) {
  ScoreAdjustment adjustment(3);
  adjustment.Apply(1, {2.0f, 0.5f});
  EXPECT_EQ(adjustment.Adjust(0, 3.0f), 3.0f);
  EXPECT_EQ(adjustment.Adjust(1, 3.0f), 6.5f);
  EXPECT_EQ(adjustment.Adjust(2, -3.0f), -3.0f);
}

TEST(ScoreAdjustment, MultipliesEverythingBeforeItAdds) {
  ScoreAdjustment adjustment(1);
  adjustment.Apply(0, {1.0f, 1.0f});
  adjustment.Apply(0, {2.0f, 0.0f});
  adjustment.Apply(0, {3.0f, 0.25f});
  EXPECT_EQ(adjustment.Adjust(0, 1.0f), 7.25f);
}

TEST(ScoreAdjustment, TellsWhichRowsItChanges) {
  ScoreAdjustment adjustment(4);
  adjustment.Apply(2, {2.0f, 0.0f});
  adjustment.Apply(0, {1.0f, 1.0f});
  adjustment.Apply(2, {1.0f, 1.0f});
  EXPECT_EQ(adjustment.changed_rows(), (std::vector<uint32_t>{2, 0}));
  EXPECT_TRUE(adjustment.Changes(2));
  EXPECT_FALSE(adjustment.Changes(1));
}

}  // namespace
}  // namespace ridgeline
