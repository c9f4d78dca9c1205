#include "core/training/model_validation.h"

#include <memory>

#include "core/training/training_data.h"
#include "core/training/validation_gate.h"
#include "core/training/validation_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/training/taste_crowd.h"
#include "tests/core/training/training_world.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

class ValidateModelTest : public testing::Test, protected TrainingWorld {
 protected:
  // A model of all that the log holds, as one that is live, and its info.
  void MakeLive(Feedback feedback) {
    live_info_.trained_through_sequence = log->last_sequence();
    live_info_.version = "v000001";
    live_model_ = TrainSmall(BuildDataset(ReadLog(feedback), feedback));
    live_ = {live_model_.get(), &live_info_};
  }

  ModelValidation Validate(Feedback feedback, double fraction = 0.1) {
    const Split split = HoldOutNewest(ReadLog(feedback), fraction, 3);
    const Dataset train = BuildDataset(split.train, feedback);
    return ValidateModel(*TrainSmall(train), train, SampleHeldOut(train, split.test), live_, *log, arena_,
                         CancellationToken())
        .value();
  }

  InteractionTable ReadLog(Feedback feedback) {
    EventWeight weight;
    return AggregateEvidence(
               ReadTrainingTable(*log, log->last_sequence(), weight, CancellationToken()).value(), feedback)
        .value();
  }

  Arena arena_{1};
  TasteCrowd crowd_;
  ModelInfo live_info_;
  std::shared_ptr<const FactorModel> live_model_;
  LiveModel live_;
};

TEST_F(ValidateModelTest, MeasuresRatingsBesideTheBiasOnlyModel) {
  Record(crowd_.Ratings(8'000));
  const ModelValidation validation = Validate(Feedback::kExplicit);
  EXPECT_STREQ(validation.measure.metric, "rmse");
  EXPECT_TRUE(validation.beside_baseline.are_errors);
  EXPECT_GT(validation.beside_baseline.ratings, 700);
  EXPECT_GT(validation.beside_baseline.users(), 100);
  EXPECT_LT(ModelFigure(validation.beside_baseline), OtherFigure(validation.beside_baseline));
  EXPECT_EQ(validation.beside_live.users(), 0);
  EXPECT_EQ(validation.not_compared, "no model is live");
}

TEST_F(ValidateModelTest, MeasuresRankingsBesidePopularity) {
  Record(crowd_.Events(3'000));
  const ModelValidation validation = Validate(Feedback::kImplicit);
  EXPECT_STREQ(validation.measure.metric, "ndcg@20");
  EXPECT_FALSE(validation.beside_baseline.are_errors);
  EXPECT_GT(ModelFigure(validation.beside_baseline), 2 * OtherFigure(validation.beside_baseline));
}

TEST_F(ValidateModelTest, ComparesWithTheLiveModelOnWhatIsNewToIt) {
  for (const Feedback feedback : {Feedback::kImplicit, Feedback::kExplicit}) {
    const auto next = [&](int count) {
      return feedback == Feedback::kImplicit ? crowd_.Events(count) : crowd_.Ratings(count);
    };
    Record(next(3'000));
    MakeLive(feedback);
    EXPECT_EQ(Validate(feedback).beside_live.users(), 0) << "the live model was trained on all of it";
    Record(next(200));
    const ModelValidation validation = Validate(feedback);
    EXPECT_GT(validation.beside_live.users(), 60);
    EXPECT_LT(validation.beside_live.users(), validation.beside_baseline.users());
    EXPECT_EQ(validation.not_compared, "");
    const double model = ModelFigure(validation.beside_live);
    EXPECT_NEAR(OtherFigure(validation.beside_live), model, 0.3 * model) << "both are good";
  }
}

TEST_F(ValidateModelTest, DoesNotCompareModelsOfDifferentFeedback) {
  Record(crowd_.Ratings(1'000));
  MakeLive(Feedback::kExplicit);
  Record(crowd_.Ratings(100));
  const ModelValidation validation = Validate(Feedback::kImplicit);
  EXPECT_EQ(validation.beside_live.users(), 0);
  EXPECT_THAT(validation.not_compared, HasSubstr("feedback"));
}

TEST_F(ValidateModelTest, TheFinalModelIsBetterAtWhatItHasLearned) {
  for (const Feedback feedback : {Feedback::kImplicit, Feedback::kExplicit}) {
    Record(feedback == Feedback::kImplicit ? crowd_.Events(3'000) : crowd_.Ratings(3'000));
    const InteractionTable table = ReadLog(feedback);
    const Split split = HoldOutNewest(table, 0.1, 3);
    const Dataset train = BuildDataset(split.train, feedback);
    const HeldOut held_out = SampleHeldOut(train, split.test);
    const auto measured = TrainSmall(train);
    ModelValidation validation =
        ValidateModel(*measured, train, held_out, live_, *log, arena_, CancellationToken()).value();
    const auto final_model = TrainSmall(BuildDataset(table, feedback));
    ASSERT_TRUE(
        ValidateFinalModel(*final_model, held_out, live_, arena_, CancellationToken(), validation).ok());
    EXPECT_EQ(validation.beside_measured.other, validation.beside_baseline.model);
    EXPECT_EQ(validation.beside_measured.users(), validation.beside_baseline.users());
    EXPECT_FALSE(IsSurelyWorse(validation.beside_measured, 0.0));
    std::swap(validation.beside_measured.model, validation.beside_measured.other);
    EXPECT_TRUE(IsSurelyWorse(validation.beside_measured, 0.0)) << "it can be told";
  }
}

TEST_F(ValidateModelTest, TheSampleHasTheRowsOfThoseAloneWhoAreMeasured) {
  Record(crowd_.Events(1'000));
  const Split split = HoldOutNewest(ReadLog(Feedback::kImplicit), 0.02, 3);
  const Dataset train = BuildDataset(split.train, Feedback::kImplicit);
  const HeldOut held_out = SampleHeldOut(train, split.test);
  ASSERT_EQ(held_out.known.rows, train.by_user.rows);
  int measured = 0;
  for (uint32_t user = 0; user < train.by_user.rows; ++user) {
    const bool tested = held_out.test.RowEntries(user) > 0;
    measured += tested ? 1 : 0;
    EXPECT_EQ(held_out.known.RowColumns(user),
              tested ? train.by_user.RowColumns(user) : absl::Span<const uint32_t>());
  }
  EXPECT_GT(measured, 5);
  EXPECT_LT(measured, static_cast<int>(train.by_user.rows));
}

TEST_F(ValidateModelTest, OfAModelFromElsewhereWhatIsOlderThanItCountsAsSeen) {
  Record(crowd_.Events(2'000));
  MakeLive(Feedback::kImplicit);
  live_info_.trained_through_sequence = 0;
  live_info_.create_time = absl::InfiniteFuture();
  EXPECT_EQ(Validate(Feedback::kImplicit).beside_live.users(), 0);
  live_info_.create_time = absl::InfinitePast();
  EXPECT_GT(Validate(Feedback::kImplicit).beside_live.users(), 60);
}

TEST_F(ValidateModelTest, AModelThatOverflowsWhereItIsComparedIsNotPassedOver) {
  Record(crowd_.Events(2'000));
  MakeLive(Feedback::kImplicit);
  Record(crowd_.Events(200));
  const Split split = HoldOutNewest(ReadLog(Feedback::kImplicit), 0.1, 3);
  Dataset train = BuildDataset(split.train, Feedback::kImplicit);
  FactorModelParts parts = TrainSmall(train)->parts();
  for (float& value : parts.items.values) value = 1e15f;
  for (float& value : train.by_user.values) value = 1e10f;
  const auto model = FactorModel::Create(std::move(parts)).value();
  const ModelValidation validation =
      ValidateModel(*model, train, SampleHeldOut(train, split.test), live_, *log, arena_, CancellationToken())
          .value();
  EXPECT_TRUE(JudgeModel(validation, live_, 1e9).held_back);
  EXPECT_THAT(JudgeModel(validation, live_, 1e9).reason, HasSubstr("not a finite number"));
}

TEST_F(ValidateModelTest, RepeatsBitByBitAtAnyNumberOfThreads) {
  Record(crowd_.Events(2'000));
  MakeLive(Feedback::kImplicit);
  Record(crowd_.Events(200));
  const Split split = HoldOutNewest(ReadLog(Feedback::kImplicit), 0.1, 3);
  const Dataset train = BuildDataset(split.train, Feedback::kImplicit);
  const auto model = TrainSmall(train);
  Arena more(3);
  const HeldOut held_out = SampleHeldOut(train, split.test);
  const auto one = ValidateModel(*model, train, held_out, live_, *log, arena_, CancellationToken()).value();
  const auto other = ValidateModel(*model, train, held_out, live_, *log, more, CancellationToken()).value();
  EXPECT_EQ(one.beside_live.model, other.beside_live.model);
  EXPECT_EQ(one.beside_live.other, other.beside_live.other);
  EXPECT_EQ(one.beside_baseline.model, other.beside_baseline.model);
}

}  // namespace
}  // namespace ridgeline
