#include "core/lab/item_placer.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "core/als/als_trainer.h"
#include "core/als/fold_in.h"
#include "core/evaluation/top_rows.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/lab/cold_item_world.h"

namespace ridgeline {
namespace {

using testing::IsEmpty;

constexpr int kPlacerUsers = 90;
constexpr int kPlacerItems = 60;

class ItemPlacerTest : public testing::Test {
 protected:
  ItemPlacerTest() {
    AlsOptions als;
    als.hyperparameters.factors = 5;
    AlsRun run;
    run.arena = &arena_;
    model_ = TrainAls(cold_.train, als, run).value();
    // The kind of each item as its tag, by its id.
    tags_ = {kPlacerItems, 3, {0}, {}, std::vector<float>(kPlacerItems, 1.0f)};
    for (uint32_t row = 0; row < kPlacerItems; ++row) {
      const int number = std::stoi(std::string(cold_.train.items->Id(row).substr(1)));
      tags_.column_indices.push_back(static_cast<uint32_t>(number % 3));
      tags_.offsets.push_back(row + 1);
    }
    placer_.emplace(ItemPlacer::Create(*model_, cold_, tags_).value());
  }

  // NDCG at 3 of `tests` by sorting all candidates by score, the slow way.
  double NaiveNdcg(const std::vector<UserVector>& placed, bool with_others, const CsrMatrix& tests) const {
    double sum = 0.0;
    int users = 0;
    for (uint32_t user = 0; user < tests.rows; ++user) {
      if (tests.RowEntries(user) == 0) continue;
      const auto met = cold_.met.RowColumns(user);
      std::vector<std::pair<float, uint32_t>> ranking;  // score negated, item
      for (uint32_t item = 0; item < kPlacerItems; ++item) {
        if (std::find(met.begin(), met.end(), item) != met.end()) continue;
        const auto held_out = std::find(cold_.items.begin(), cold_.items.end(), item);
        const bool is_trained = cold_.train.by_item.RowEntries(item) > 0;
        if (held_out == cold_.items.end() ? !(with_others && is_trained) : placed.empty()) continue;
        UserVector vector;
        if (held_out != cold_.items.end()) {
          vector = placed[static_cast<size_t>(held_out - cold_.items.begin())];
        } else {
          vector.factors.assign(model_->items().Row(item).begin(), model_->items().Row(item).end());
        }
        const auto row = model_->users().Row(user);
        ranking.emplace_back(-std::inner_product(row.begin(), row.end(), vector.factors.begin(), vector.bias),
                             item);
      }
      std::sort(ranking.begin(), ranking.end());
      const auto relevant = tests.RowColumns(user);
      double gain = 0.0, ideal = 0.0;
      for (size_t rank = 0; rank < 3; ++rank) {
        const double discount = 1.0 / std::log2(static_cast<double>(rank) + 2.0);
        if (rank < relevant.size()) ideal += discount;
        if (rank < ranking.size() &&
            std::find(relevant.begin(), relevant.end(), ranking[rank].second) != relevant.end()) {
          gain += discount;
        }
      }
      sum += gain / ideal;
      ++users;
    }
    return sum / users;
  }

  Arena arena_{1};
  const ColdItems cold_ =
      HoldOutItems(ThreeKinds(kPlacerUsers, kPlacerItems, 5), Feedback::kImplicit, {.share = 0.4});
  const EvaluationOptions options_ = ParseMetrics("ndcg@3").value();
  std::shared_ptr<const FactorModel> model_;
  CsrMatrix tags_;
  absl::optional<ItemPlacer> placer_;
};

TEST_F(ItemPlacerTest, MeasuresWhatSortingAllCandidatesGives) {
  for (const Placement placement :
       {Placement::kNone, Placement::kAttributes, Placement::kFoldIn, Placement::kBlend}) {
    for (const int known : {0, 2, 7}) {
      const std::vector<UserVector> placed = placer_->Place(placement, known).value();
      const PlacementMetrics metrics = placer_->Measure(placement, known, options_, arena_).value();
      EXPECT_NEAR(metrics.others.at("ndcg@3"), NaiveNdcg(placed, true, cold_.warm_test), 1e-6);
      if (placement == Placement::kNone) continue;
      if (placement == Placement::kFoldIn && known == 0) continue;  // all score alike: rounding decides
      EXPECT_NEAR(metrics.alone.at("ndcg@3"), NaiveNdcg(placed, false, cold_.test), 0.02)
          << PlacementName(placement) << ", " << known;
      EXPECT_NEAR(metrics.among.at("ndcg@3"), NaiveNdcg(placed, true, cold_.test), 0.02);
    }
  }
}

TEST_F(ItemPlacerTest, PlacesByWhatItsNameSays) {
  const auto average = placer_->Place(Placement::kAverage, 5).value();
  const auto attributes = placer_->Place(Placement::kAttributes, 5).value();
  const auto fold_in = placer_->Place(Placement::kFoldIn, 3).value();
  const auto blend = placer_->Place(Placement::kBlend, 3).value();
  ASSERT_EQ(blend.size(), cold_.items.size());
  for (size_t index = 0; index < cold_.items.size(); ++index) {
    EXPECT_EQ(average[index].factors, average[0].factors);
    const UserVector predicted = placer_->mapping().Predict(tags_.RowColumns(cold_.items[index]));
    EXPECT_EQ(attributes[index].factors, predicted.factors);
    const History& known = cold_.known[index];
    ASSERT_GE(known.size(), 3u);
    const History first = {{known.rows.begin(), known.rows.begin() + 3},
                           {known.values.begin(), known.values.begin() + 3}};
    EXPECT_EQ(fold_in[index].factors, FoldInItem(*model_, first)->factors);
    EXPECT_EQ(blend[index].factors, FoldInItemAround(*model_, first, predicted)->factors);
  }
  EXPECT_THAT(placer_->Place(Placement::kNone, 5).value(), IsEmpty());
}

TEST_F(ItemPlacerTest, WithNothingKnownFoldInIsTheAverageAndBlendTheAttributes) {
  const auto expect_equal = [&](Placement a, Placement b) {
    const auto left = placer_->Place(a, 0).value(), right = placer_->Place(b, 0).value();
    for (size_t index = 0; index < left.size(); ++index) EXPECT_EQ(left[index].factors, right[index].factors);
  };
  expect_equal(Placement::kFoldIn, Placement::kAverage);
  expect_equal(Placement::kBlend, Placement::kAttributes);
}

TEST_F(ItemPlacerTest, TagsThatSayEverythingBeatTheReferences) {
  const auto alone = [&](Placement placement) {
    return placer_->Measure(placement, 0, options_, arena_).value().alone.at("ndcg@3");
  };
  EXPECT_GT(alone(Placement::kAttributes), alone(Placement::kRandom) + 0.2);
  EXPECT_GT(alone(Placement::kAttributes), alone(Placement::kPopular) + 0.1);
  EXPECT_GT(alone(Placement::kAttributes), alone(Placement::kAverage) + 0.2);
}

TEST_F(ItemPlacerTest, GivesReferencesOnlyTheMetricsThatMakeSense) {
  for (const Placement placement : {Placement::kRandom, Placement::kPopular}) {
    const PlacementMetrics metrics =
        placer_->Measure(placement, 0, ParseMetrics("rmse,ndcg@3").value(), arena_).value();
    EXPECT_EQ(metrics.alone.count("rmse"), 0u);
    EXPECT_EQ(metrics.alone.count("ndcg@3"), 1u);
    EXPECT_THAT(metrics.among, IsEmpty());
    EXPECT_THAT(metrics.others, IsEmpty());
  }
  const PlacementMetrics none = placer_->Measure(Placement::kNone, 0, options_, arena_).value();
  EXPECT_THAT(none.alone, IsEmpty());
  EXPECT_THAT(none.among, IsEmpty());
}

TEST(PlacementName, IsThatOfTheTable) {
  EXPECT_EQ(PlacementName(Placement::kNone), "none");
  EXPECT_EQ(PlacementName(Placement::kFoldIn), "fold_in");
  EXPECT_EQ(PlacementName(Placement::kBlend), "blend");
}

}  // namespace
}  // namespace ridgeline
