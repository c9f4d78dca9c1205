#include "core/training/training_trigger.h"

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

constexpr TriggerPolicy kBoth{100, absl::Hours(1)};

TEST(DecideTraining, TrainsOnceEnoughIsNew) {
  EXPECT_EQ(DecideTraining(kBoth, {99, absl::ZeroDuration(), false}), absl::nullopt);
  EXPECT_EQ(DecideTraining(kBoth, {100, absl::ZeroDuration(), false}), TrainingTrigger::kInteractions);
}

TEST(DecideTraining, TrainsOnceEnoughTimePassedIfThereIsNews) {
  EXPECT_EQ(DecideTraining(kBoth, {1, absl::Minutes(59), false}), absl::nullopt);
  EXPECT_EQ(DecideTraining(kBoth, {1, absl::Hours(1), false}), TrainingTrigger::kInterval);
  EXPECT_EQ(DecideTraining(kBoth, {0, absl::Hours(100), false}), absl::nullopt);
}

TEST(DecideTraining, LooksAtTheCountFirst) {
  EXPECT_EQ(DecideTraining(kBoth, {100, absl::Hours(1), false}), TrainingTrigger::kInteractions);
}

TEST(DecideTraining, NeverTrainsWhileBusy) {
  EXPECT_EQ(DecideTraining(kBoth, {1'000, absl::Hours(100), true}), absl::nullopt);
}

TEST(DecideTraining, ZeroSwitchesAConditionOff) {
  EXPECT_EQ(DecideTraining({}, {1'000'000, absl::Hours(1'000), false}), absl::nullopt);
  EXPECT_EQ(DecideTraining({0, absl::Hours(1)}, {1'000'000, absl::Minutes(1), false}), absl::nullopt);
  EXPECT_EQ(DecideTraining({100, absl::ZeroDuration()}, {99, absl::Hours(1'000), false}), absl::nullopt);
}

}  // namespace
}  // namespace ridgeline
