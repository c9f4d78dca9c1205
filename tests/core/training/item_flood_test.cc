#include "core/training/item_flood.h"

#include <memory>
#include <vector>

#include "core/baselines/popularity.h"
#include "gtest/gtest.h"
#include "tests/core/training/training_world.h"

namespace ridgeline {
namespace {

// A model of `items` items "i0", "i1", ... of weight 1 each, but "i0" of weight `first`.
std::shared_ptr<const FactorModel> ModelOf(int items, float first, Feedback feedback = Feedback::kImplicit) {
  std::vector<Interaction> interactions;
  for (int item = 0; item < items; ++item) {
    interactions.push_back(MakeInteraction("u", absl::StrCat("i", item), item == 0 ? first : 1.0f));
  }
  return TrainPopularity(BuildDataset(TableOf(interactions), feedback)).value();
}

TEST(FindItemFlood, NamesTheItemThatHasTakenOver) {
  const ItemFlood flood = FindItemFlood(*ModelOf(101, 100.0f), *ModelOf(100, 1.0f));
  EXPECT_EQ(flood.item_id, "i0");
  EXPECT_DOUBLE_EQ(flood.share, 0.5);
  EXPECT_DOUBLE_EQ(flood.live_share, 0.01);
}

TEST(FindItemFlood, ALargeShareThatGrewSlowlyIsNone) {
  EXPECT_EQ(FindItemFlood(*ModelOf(101, 100.0f), *ModelOf(101, 20.0f)).item_id, "");
  EXPECT_EQ(FindItemFlood(*ModelOf(101, 100.0f), *ModelOf(101, 10.0f)).item_id, "i0");
}

TEST(FindItemFlood, ASmallShareIsNone) {
  EXPECT_EQ(FindItemFlood(*ModelOf(101, 24.0f), *ModelOf(101, 1.0f)).item_id, "");
  EXPECT_EQ(FindItemFlood(*ModelOf(101, 26.0f), *ModelOf(101, 1.0f)).item_id, "i0");
  EXPECT_EQ(FindItemFlood(*ModelOf(20, 15.0f), *ModelOf(20, 1.0f)).item_id, "")
      << "of few items one has much";
}

TEST(FindItemFlood, AFloodIsFoundBesideAHitThatHasMore) {
  const auto with = [](float hit, float spam) {
    std::vector<Interaction> interactions = {MakeInteraction("u", "hit", hit),
                                             MakeInteraction("u", "spam", spam)};
    for (int item = 0; item < 100; ++item) {
      interactions.push_back(MakeInteraction("u", absl::StrCat("i", item)));
    }
    return TrainPopularity(BuildDataset(TableOf(interactions), Feedback::kImplicit)).value();
  };
  EXPECT_EQ(FindItemFlood(*with(80.0f, 70.0f), *with(80.0f, 1.0f)).item_id, "spam");
  EXPECT_EQ(FindItemFlood(*with(80.0f, 70.0f), *with(1.0f, 1.0f)).item_id, "hit") << "the larger of two";
  EXPECT_EQ(FindItemFlood(*with(80.0f, 70.0f), *with(80.0f, 70.0f)).item_id, "");
}

TEST(FindItemFlood, AnItemThatIsNewToTheLiveModelCounts) {
  const auto live =
      TrainPopularity(BuildDataset(TableOf({MakeInteraction("u", "other")}), Feedback::kImplicit));
  EXPECT_EQ(FindItemFlood(*ModelOf(101, 100.0f), **live).item_id, "i0");
}

TEST(FindItemFlood, RatingsCountOnceWhateverTheyAre) {
  EXPECT_EQ(FindItemFlood(*ModelOf(101, 1e6f, Feedback::kExplicit), *ModelOf(101, 1.0f, Feedback::kExplicit))
                .item_id,
            "");
}

}  // namespace
}  // namespace ridgeline
