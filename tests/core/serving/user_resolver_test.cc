#include "core/serving/user_resolver.h"

#include <algorithm>
#include <limits>

#include "core/als/fold_in.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/serving/serving_world.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

class UserResolverTest : public testing::Test {
 protected:
  void Serve(const ServedModel& served) {
    snapshot_ = ServingSnapshot::Create(MakeStoredModel(served), catalog_);
  }

  std::shared_ptr<const UserState> Resolve(const Subject& subject) {
    ItemLookup lookup(&snapshot_->model().item_ids());
    return resolver_.Resolve(subject, *snapshot_, lookup).value();
  }

  FakeInteractionLog log_;
  FakeCatalog catalog_;
  UserResolver resolver_{&log_, 100};
  std::shared_ptr<const ServingSnapshot> snapshot_;
};

TEST_F(UserResolverTest, AUserWithoutNewsHasTheTrainedRow) {
  log_.Record("u3", "i1", 1.0f);
  Serve({.trained_through_sequence = 1});
  const auto state = Resolve(UserSubject{"u3"});
  EXPECT_EQ(state->source, RecommendationSource::kModel);
  EXPECT_EQ(state->vector.factors, snapshot_->model().User(3).factors);
  EXPECT_THAT(state->history.rows, ElementsAre(1)) << "known for leaving out what was seen";
}

TEST_F(UserResolverTest, AUserWithNewsIsFoldedInFromTheFullHistory) {
  log_.Record("u3", "i1", 1.0f);
  log_.Record("u3", "i2", 2.0f);
  Serve({.trained_through_sequence = 1});
  const auto state = Resolve(UserSubject{"u3"});
  EXPECT_EQ(state->source, RecommendationSource::kFoldIn);
  const UserVector expected = FoldInUser(snapshot_->model(), {{1, 2}, {1.0f, 2.0f}}).value();
  EXPECT_EQ(state->vector.factors, expected.factors);
}

TEST_F(UserResolverTest, AUserWhomTheModelDoesNotHoldIsFoldedInEvenWithoutNews) {
  log_.Record("stranger", "i1", 1.0f);
  Serve({.trained_through_sequence = 9});
  EXPECT_EQ(Resolve(UserSubject{"stranger"})->source, RecommendationSource::kFoldIn);
}

TEST_F(UserResolverTest, SomebodyOfWhomNothingIsKnownGetsNoVector) {
  Serve({});
  const auto state = Resolve(UserSubject{"nobody"});
  EXPECT_EQ(state->source, RecommendationSource::kPopular);
  EXPECT_FALSE(state->known);
}

TEST_F(UserResolverTest, AHistoryOfUnknownItemsTellsNothingButThatTheUserExists) {
  log_.Record("stranger", "unknown item", 1.0f);
  Serve({});
  const auto state = Resolve(UserSubject{"stranger"});
  EXPECT_EQ(state->source, RecommendationSource::kPopular);
  EXPECT_TRUE(state->known);
}

TEST_F(UserResolverTest, NewsOfUnknownItemsLeaveTheTrainedRow) {
  Serve({});
  log_.Record("u3", "unknown item", 1.0f);
  EXPECT_EQ(Resolve(UserSubject{"u3"})->source, RecommendationSource::kModel);
}

TEST_F(UserResolverTest, AUserDeletedFromTheLogIsUnknownToAModelTrainedFromIt) {
  Serve({.trained_through_sequence = 5});
  EXPECT_EQ(Resolve(UserSubject{"u3"})->source, RecommendationSource::kPopular);
  EXPECT_FALSE(resolver_.MayAnswerWith(*snapshot_, 3).value());
}

TEST_F(UserResolverTest, AUserWhoCameBackIsNotWhomTheModelKnew) {
  log_.Record("u3", "i1", 1.0f);
  log_.Record("u4", "i1", 1.0f);
  Serve({.trained_through_sequence = 2});
  EXPECT_TRUE(resolver_.MayAnswerWith(*snapshot_, 3).value());
  log_.DeleteUser("u3").value();
  log_.Record("u3", "i2", 1.0f);
  log_.Record("u4", "i2", 1.0f);
  EXPECT_EQ(Resolve(UserSubject{"u3"})->source, RecommendationSource::kFoldIn);
  EXPECT_FALSE(resolver_.MayAnswerWith(*snapshot_, 3).value());
  EXPECT_TRUE(resolver_.MayAnswerWith(*snapshot_, 4).value()) << "in the same life";
}

TEST_F(UserResolverTest, AModelTrainedFromAFileSpeaksForItsUsersUntilTheyAreDeleted) {
  Serve({});
  EXPECT_EQ(Resolve(UserSubject{"u3"})->source, RecommendationSource::kModel);
  EXPECT_TRUE(resolver_.MayAnswerWith(*snapshot_, 3).value());
  log_.DeleteUser("u3").value();
  resolver_.Forget("u3");
  EXPECT_FALSE(Resolve(UserSubject{"u3"})->known);
  EXPECT_EQ(Resolve(UserSubject{"u3"})->source, RecommendationSource::kPopular);
  EXPECT_FALSE(resolver_.MayAnswerWith(*snapshot_, 3).value());
  EXPECT_EQ(Resolve(UserSubject{"u2"})->source, RecommendationSource::kModel);
}

TEST_F(UserResolverTest, WeightsThatAreNoEvidenceCountAsSeenOnly) {
  Serve({});
  log_.Record("stranger", "i1", 2.0f);
  log_.Record("stranger", "i2", -1.0f);
  const auto state = Resolve(UserSubject{"stranger"});
  EXPECT_THAT(state->history.rows, ElementsAre(1));
  EXPECT_THAT(state->unweighed_rows, ElementsAre(2));
}

TEST_F(UserResolverTest, EventsWeighWhatTheModelTookThemFor) {
  const EventWeight weight{{{"buy", 3.0}, {"seen", 0.0}}, 1.0, 10 * int64_t{86'400'000'000}};
  Serve({.event_weight = weight});
  const auto record = [&](const char* item, const char* type, int64_t day) {
    Interaction interaction;
    interaction.user_id = "stranger";
    interaction.item_id = item;
    interaction.event_type = type;
    interaction.time = absl::UnixEpoch() + absl::Hours(24 * day);
    log_.Append({interaction}).value();
  };
  record("i1", "buy", 10);
  record("i2", "click", 9);
  record("i3", "seen", 10);
  record("i4", "click", 12);
  const auto state = Resolve(UserSubject{"stranger"});
  EXPECT_THAT(state->history.rows, ElementsAre(1, 2, 4));
  EXPECT_THAT(state->history.values, ElementsAre(3.0f, 0.5f, 1.0f));
  EXPECT_THAT(state->unweighed_rows, ElementsAre(3));
  EXPECT_THAT(Resolve(HistorySubject{{{"i5", 2.0f}}})->history.values, ElementsAre(2.0f))
      << "a given history is as new as can be";
}

TEST_F(UserResolverTest, AGivenHistoryIsAggregatedAndItsUnknownItemsAreReported) {
  Serve({});
  ItemLookup lookup(&snapshot_->model().item_ids());
  const Subject subject = HistorySubject{{{"i1", 1.0f}, {"unknown", 1.0f}, {"i2", 1.0f}, {"i1", 2.0f}}};
  const auto state = resolver_.Resolve(subject, *snapshot_, lookup).value();
  EXPECT_EQ(state->source, RecommendationSource::kFoldIn);
  EXPECT_THAT(state->history.rows, UnorderedElementsAre(1, 2));
  EXPECT_EQ(*std::max_element(state->history.values.begin(), state->history.values.end()), 3.0f);
  EXPECT_THAT(lookup.TakeUnknown(), ElementsAre("unknown"));
}

TEST_F(UserResolverTest, TheLastOfSeveralGivenRatingsCounts) {
  Serve({.feedback = Feedback::kExplicit});
  const auto state = Resolve(HistorySubject{{{"i1", 1.0f}, {"i1", 5.0f}}});
  EXPECT_THAT(state->history.values, ElementsAre(5.0f));
}

TEST_F(UserResolverTest, AVectorIsTakenAsItIs) {
  Serve({});
  const auto state = Resolve(VectorSubject{{{1.0f, 2.0f, 3.0f, 4.0f}, 0.5f}});
  EXPECT_EQ(state->source, RecommendationSource::kVector);
  EXPECT_THAT(state->vector.factors, ElementsAre(1.0f, 2.0f, 3.0f, 4.0f));
  EXPECT_EQ(state->vector.bias, 0.5f);
}

TEST_F(UserResolverTest, AModelWithoutFactorsHasThePopularItemsForStrangers) {
  Serve({.factors = 0});
  log_.Record("stranger", "i1", 2.0f);
  EXPECT_EQ(Resolve(UserSubject{"stranger"})->source, RecommendationSource::kPopular);
  EXPECT_EQ(Resolve(UserSubject{"u3"})->source, RecommendationSource::kModel);
}

TEST_F(UserResolverTest, ValuesTooLargeToFoldInAreNoFaultOfTheServer) {
  const float largest = std::numeric_limits<float>::max();
  log_.Record("stranger", "i1", largest);
  Serve({});
  ItemLookup lookup(&snapshot_->model().item_ids());
  EXPECT_TRUE(
      absl::IsFailedPrecondition(resolver_.Resolve(UserSubject{"stranger"}, *snapshot_, lookup).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      resolver_.Resolve(HistorySubject{{{"i1", largest}}}, *snapshot_, lookup).status()));
}

TEST_F(UserResolverTest, KeepsTheStateUntilTheUserIsForgotten) {
  Serve({});
  log_.Record("stranger", "i1", 1.0f);
  const auto first = Resolve(UserSubject{"stranger"});
  EXPECT_EQ(Resolve(UserSubject{"stranger"}), first);
  log_.Record("stranger", "i2", 1.0f);
  resolver_.Forget("stranger");
  EXPECT_THAT(Resolve(UserSubject{"stranger"})->history.rows, ElementsAre(1, 2));
}

TEST_F(UserResolverTest, ASwapOutdatesTheState) {
  log_.Record("u3", "i1", 1.0f);
  Serve({.version = "v000001"});
  EXPECT_EQ(Resolve(UserSubject{"u3"})->source, RecommendationSource::kFoldIn);
  Serve({.trained_through_sequence = 1, .version = "v000002"});
  EXPECT_EQ(Resolve(UserSubject{"u3"})->source, RecommendationSource::kModel);
}

TEST_F(UserResolverTest, ASwapSendsNobodyBackToTheLog) {
  const EventWeight buys_count_twice{{{"buy", 2.0}}};
  Serve({.items = 3, .version = "v000001", .event_weight = buys_count_twice});
  Interaction bought;
  bought.user_id = "stranger";
  bought.item_id = "i2";
  bought.value = 1.5f;
  bought.event_type = "buy";
  log_.Append({bought}).value();
  log_.Record("stranger", "i7", 4.0f);
  int reads = 0;
  log_.after_read = [&] { ++reads; };
  EXPECT_THAT(Resolve(UserSubject{"stranger"})->history.rows, ElementsAre(2)) << "the model has no i7";
  Serve({.version = "v000002", .event_weight = buys_count_twice});
  const auto state = Resolve(UserSubject{"stranger"});
  EXPECT_THAT(state->history.rows, ElementsAre(2, 7)) << "all that the log has, as the next model sees it";
  EXPECT_THAT(state->history.values, ElementsAre(3.0f, 4.0f));
  EXPECT_EQ(reads, 1);
}

TEST_F(UserResolverTest, ALongHistoryIsReadAgainAfterASwap) {
  for (int i = 0; i < 5'000; ++i) log_.Record("stranger", "i1", 1.0f);
  int reads = 0;
  log_.after_read = [&] { ++reads; };
  for (const char* version : {"v000001", "v000001", "v000002"}) {
    Serve({.version = version});
    EXPECT_THAT(Resolve(UserSubject{"stranger"})->history.values, ElementsAre(5'000.0f));
  }
  EXPECT_EQ(reads, 2);
}

TEST_F(UserResolverTest, ALogThatWasOpenedAnewIsReadAgain) {
  Serve({});
  log_.Record("stranger", "i1", 1.0f);
  EXPECT_THAT(Resolve(UserSubject{"stranger"})->history.rows, ElementsAre(1));
  log_.Record("stranger", "i2", 1.0f);  // refused, so nobody was forgotten, and there all the same
  ++log_.openings;
  EXPECT_THAT(Resolve(UserSubject{"stranger"})->history.rows, ElementsAre(1, 2));
}

TEST_F(UserResolverTest, AStateReadBeforeAnEventIsNotKeptAfterIt) {
  Serve({});
  log_.Record("stranger", "i1", 1.0f);
  bool recorded = false;
  log_.after_read = [&] {
    if (std::exchange(recorded, true)) return;
    log_.Record("stranger", "i2", 1.0f);
    resolver_.Forget("stranger");
  };
  EXPECT_THAT(Resolve(UserSubject{"stranger"})->history.rows, ElementsAre(1));
  EXPECT_THAT(Resolve(UserSubject{"stranger"})->history.rows, ElementsAre(1, 2));
}

TEST_F(UserResolverTest, ReportsALogThatCannotBeRead) {
  Serve({});
  log_.failure = absl::UnavailableError("disk");
  ItemLookup lookup(&snapshot_->model().item_ids());
  EXPECT_EQ(resolver_.Resolve(UserSubject{"u"}, *snapshot_, lookup).status().code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace ridgeline
