#include "core/training/training_job.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "core/als/fold_in.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/training/training_world.h"

namespace ridgeline {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Key;

class RecordingObserver final : public TrainingObserver {
 public:
  void OnPhase(TrainingPhase phase) override {
    phases.push_back(phase);
    if (on_phase) on_phase(phase);
  }

  void OnIteration(int iteration, int iterations, double /*objective*/, absl::Duration eta) override {
    steps.emplace_back(iteration, iterations);
    EXPECT_GE(eta, absl::ZeroDuration());
  }

  std::function<void(TrainingPhase)> on_phase;
  std::vector<TrainingPhase> phases;
  std::vector<std::pair<int, int>> steps;
};

class TrainingJobTest : public testing::Test, protected TrainingWorld {
 protected:
  TrainingJobTest() {
    options_.als = SmallAls();
    options_.final_iterations = 2;
    options_.log = log.get();
    options_.arena = &arena_;
    options_.cancellation = &cancellation_;
  }

  absl::StatusOr<TrainedModel> Run() { return TrainingJob(options_, &observer_).Run(); }

  Arena arena_{1};
  CancellationToken cancellation_;
  TrainingJobOptions options_;
  RecordingObserver observer_;
};

TEST_F(TrainingJobTest, TrainsOnTheLogAndSaysOnWhat) {
  Record(TwoTastes(20, 10));
  const TrainedModel trained = Run().value();
  EXPECT_EQ(trained.model->user_ids().size(), 20u);
  EXPECT_EQ(trained.model->item_ids().size(), 10u);
  EXPECT_EQ(trained.info.algorithm, "als");
  EXPECT_EQ(trained.info.interactions, 80);
  EXPECT_EQ(trained.info.trained_through_sequence, log->last_sequence());
  EXPECT_EQ(trained.info.iterations, 4);
  EXPECT_THAT(trained.info.metrics, Contains(Key("objective")));
  EXPECT_THAT(trained.info.metrics, Contains(Key("train_seconds")));
}

TEST_F(TrainingJobTest, TheModelKeepsTheTimeThatDecayIsMeasuredFrom) {
  Record(TwoTastes(20, 10));
  options_.als.hyperparameters.event_weight.half_life_days = 30.0;
  const TrainedModel trained = Run().value();
  EXPECT_EQ(trained.model->hyperparameters().event_weight.reference_time, 79'000'000);
}

TEST_F(TrainingJobTest, GoesThroughThePhasesInOrder) {
  Record(TwoTastes(20, 10));
  Run().value();
  EXPECT_THAT(observer_.phases,
              ElementsAre(TrainingPhase::kReading, TrainingPhase::kBuilding, TrainingPhase::kTraining));
  EXPECT_EQ(observer_.steps, (std::vector<std::pair<int, int>>{{0, 4}, {1, 4}, {2, 4}, {3, 4}, {4, 4}}));
}

TEST_F(TrainingJobTest, MeasuresOnTheNewestPartAndThenLearnsIt) {
  Record(TwoTastes(20, 10));
  Record({MakeInteraction("u0", "brand new", 1.0f, 1'000'000)});
  options_.validation_fraction = 0.1;
  const TrainedModel trained = Run().value();
  EXPECT_THAT(trained.info.metrics, Contains(Key("validation_ndcg@20")));
  EXPECT_THAT(trained.info.metrics, Contains(Key("popularity_ndcg@20")));
  EXPECT_EQ(trained.info.iterations, 6);
  EXPECT_EQ(observer_.steps.back(), std::make_pair(6, 6));
  const uint32_t row = trained.model->item_ids().Find("brand new").value();
  EXPECT_THAT(trained.model->items().Row(row), Contains(testing::Ne(0.0f)));
}

TEST_F(TrainingJobTest, LearnsUsersAndItemsThatMetOnlyEachOtherAfterTheSplit) {
  Record(TwoTastes(20, 10));
  std::vector<Interaction> island;
  for (int i = 0; i < 8; ++i) {
    island.push_back(
        MakeInteraction(absl::StrCat("new", i / 2), absl::StrCat("fresh", i % 3), 1.0f, 1'000'000));
  }
  Record(island);
  options_.validation_fraction = 0.1;
  const TrainedModel trained = Run().value();
  const uint32_t item = trained.model->item_ids().Find("fresh0").value();
  const uint32_t user = trained.model->user_ids().Find("new0").value();
  EXPECT_THAT(trained.model->items().Row(item), Contains(testing::Ne(0.0f)));
  EXPECT_THAT(trained.model->users().Row(user), Contains(testing::Ne(0.0f)));
}

TEST_F(TrainingJobTest, TakesNoMoreFinalIterationsThanFirstOnes) {
  Record(TwoTastes(20, 10));
  options_.validation_fraction = 0.1;
  options_.als.iterations = 1;
  EXPECT_EQ(Run().value().info.iterations, 2);
}

TEST_F(TrainingJobTest, TrainsWithoutMeasuringWhereTooLittleIsThere) {
  Record({MakeInteraction("u", "a")});
  options_.validation_fraction = 0.05;
  const TrainedModel trained = Run().value();
  EXPECT_EQ(trained.info.metrics.count("validation_ndcg@20"), 0u);
}

TEST_F(TrainingJobTest, TrainsRatingsToo) {
  Record(TwoTastes(20, 10));
  options_.als = SmallAls(Feedback::kExplicit);
  options_.validation_fraction = 0.1;
  EXPECT_THAT(Run().value().info.metrics, Contains(Key("validation_rmse")));
}

TEST_F(TrainingJobTest, AWarmStartBeginsWhereTheOtherModelEnded) {
  Record(TwoTastes(20, 10));
  options_.als.iterations = 30;
  const TrainedModel cold = Run().value();
  options_.als.iterations = 1;
  options_.warm_start = cold.model.get();
  const TrainedModel warm = Run().value();
  options_.warm_start = nullptr;
  const TrainedModel again = Run().value();
  EXPECT_LE(warm.info.metrics.at("objective"), cold.info.metrics.at("objective") * 1.0001);
  EXPECT_GT(again.info.metrics.at("objective"), cold.info.metrics.at("objective"));
}

TEST_F(TrainingJobTest, TheSameLogAndSeedGiveTheSameBits) {
  Record(TwoTastes(20, 10));
  options_.validation_fraction = 0.1;
  const TrainedModel one = Run().value();
  Arena more(3);
  options_.arena = &more;
  const TrainedModel other = Run().value();
  EXPECT_EQ(one.model->items().values, other.model->items().values);
  EXPECT_EQ(one.model->users().values, other.model->users().values);
}

TEST_F(TrainingJobTest, PlacesItemsThatOnlyTheCatalogueHas) {
  Record(TwoTastes(20, 10));
  EXPECT_TRUE(catalog->Upsert(TwoTags(10)).ok());
  EXPECT_TRUE(catalog->Upsert({TaggedItem("new", "even"), TaggedItem("other", "unheard of")}).ok());
  EXPECT_EQ(Run().value().model->placed_items(), 0u) << "without being told of the catalogue";
  options_.catalog = catalog.get();
  options_.validation_fraction = 0.1;
  const TrainedModel trained = Run().value();
  const FactorModel& model = *trained.model;
  ASSERT_EQ(model.placed_items(), 1u);
  const uint32_t placed = model.item_ids().Find("new").value();
  const auto score = [&](const std::string& user, uint32_t item) {
    return model.Score(model.User(model.user_ids().Find(user).value()), item);
  };
  for (const std::string odd : {"i1", "i3", "i5", "i7", "i9"}) {
    EXPECT_GT(score("u0", placed), score("u0", model.item_ids().Find(odd).value()));
  }
  EXPECT_GT(score("u0", placed), score("u1", placed));
}

TEST_F(TrainingJobTest, PlacedItemsLeaveUsersOtherItemsAndFoldInAsTheyAre) {
  for (const Feedback feedback : {Feedback::kImplicit, Feedback::kExplicit}) {
    Record(TwoTastes(20, 10));
    EXPECT_TRUE(catalog->Upsert(TwoTags(10)).ok());
    EXPECT_TRUE(catalog->Upsert({TaggedItem("new", "even")}).ok());
    options_.als = SmallAls(feedback);
    options_.catalog = nullptr;
    const TrainedModel without = Run().value();
    options_.catalog = catalog.get();
    const TrainedModel with = Run().value();
    EXPECT_EQ(with.model->users().values, without.model->users().values);
    EXPECT_EQ(with.model->users().biases, without.model->users().biases);
    EXPECT_EQ(with.model->item_gramian(), without.model->item_gramian());
    for (uint32_t item = 0; item < 10; ++item) {
      EXPECT_EQ(with.model->items().Row(item), without.model->items().Row(item));
    }
    for (const History& history : {History{{0, 3, 7}, {1.0f, 2.0f, 3.0f}}, History{{9}, {1.0f}}}) {
      const UserVector folded = FoldInUser(*with.model, history).value();
      const UserVector expected = FoldInUser(*without.model, history).value();
      EXPECT_EQ(folded.factors, expected.factors);
      EXPECT_EQ(folded.bias, expected.bias);
    }
  }
}

TEST_F(TrainingJobTest, GoesOnWarmFromWherePlacedItemsAre) {
  Record(TwoTastes(20, 10));
  EXPECT_TRUE(catalog->Upsert(TwoTags(10)).ok());
  EXPECT_TRUE(catalog->Upsert({TaggedItem("new", "even"), TaggedItem("newer", "odd")}).ok());
  options_.catalog = catalog.get();
  const TrainedModel first = Run().value();
  EXPECT_EQ(first.model->placed_items(), 2u);
  Record({MakeInteraction("u0", "new"), MakeInteraction("u2", "new")});
  options_.warm_start = first.model.get();
  const TrainedModel second = Run().value();
  EXPECT_EQ(second.model->placed_items(), 1u);
  const uint32_t met = second.model->item_ids().Find("new").value();
  EXPECT_LT(met, second.model->items().rows() - 1) << "among the trained ones";
  EXPECT_EQ(second.model->item_popularity()[met], 2.0f);
  EXPECT_THAT(second.model->items().Row(met), Contains(testing::Ne(0.0f)));
}

TEST_F(TrainingJobTest, ACancelWhileItMeasuresEndsItThere) {
  Record(TwoTastes(20, 10));
  options_.validation_fraction = 0.1;
  observer_.on_phase = [&](TrainingPhase phase) {
    if (phase == TrainingPhase::kValidating) cancellation_.Cancel();
  };
  EXPECT_EQ(Run().status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(observer_.phases.back(), TrainingPhase::kValidating) << "the second training did not begin";
}

TEST_F(TrainingJobTest, SaysWhyItCannotTrain) {
  EXPECT_EQ(Run().status().code(), absl::StatusCode::kFailedPrecondition);
  Record(TwoTastes(20, 10));
  options_.als.hyperparameters.regularization = 0.0;
  EXPECT_EQ(Run().status().code(), absl::StatusCode::kInvalidArgument);
  cancellation_.Cancel();
  EXPECT_EQ(Run().status().code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace ridgeline
