#include "core/training/live_view.h"

#include <memory>

#include "core/als/fold_in.h"
#include "core/dataset/aggregation.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/serving/fake_interaction_log.h"
#include "tests/core/training/training_world.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;

class LiveViewTest : public testing::Test, protected TrainingWorld {
 protected:
  static Dataset DatasetOf(const std::vector<Interaction>& interactions) {
    return BuildDataset(TableOf(interactions), Feedback::kImplicit);
  }

  // A test matrix with the rows of `train`.
  static CsrMatrix Tests(const Dataset& train, const std::vector<Interaction>& interactions) {
    InteractionTableBuilder builder(*train.users, *train.items);
    for (const Interaction& interaction : interactions) builder.Add(interaction);
    return BuildDataset(builder.Build(), train.feedback).by_user;
  }

  CommonGround Find(const Dataset& train, const CsrMatrix& test, const FactorModel& live,
                    uint64_t sequence = 0) {
    ModelInfo info;
    info.trained_through_sequence = sequence;
    info.create_time = absl::InfinitePast();
    return FindCommonGround(train, test, live, info, *log, CancellationToken()).value();
  }

  static std::vector<std::string> Ids(const IdMap& ids) {
    std::vector<std::string> names;
    for (uint32_t row = 0; row < ids.size(); ++row) names.emplace_back(ids.Id(row));
    return names;
  }

  Arena arena_{1};
};

TEST_F(LiveViewTest, HasTheItemsThatBothKnowAndTestsOfThese) {
  const auto live = TrainSmall(DatasetOf({MakeInteraction("u", "a"), MakeInteraction("u", "gone"),
                                          MakeInteraction("v", "c"), MakeInteraction("v", "b")}));
  const Dataset train =
      DatasetOf({MakeInteraction("u", "new"), MakeInteraction("u", "c"), MakeInteraction("v", "a"),
                 MakeInteraction("v", "b"), MakeInteraction("v", "new")});
  const CommonGround ground =
      Find(train,
           Tests(train, {MakeInteraction("u", "a"), MakeInteraction("u", "new"), MakeInteraction("v", "c")}),
           *live);
  EXPECT_THAT(Ids(*ground.items), ElementsAre("c", "a", "b"));
  EXPECT_THAT(Ids(*ground.users), ElementsAre("u", "v"));
  EXPECT_THAT(ground.popularity, ElementsAre(1.0f, 1.0f, 1.0f));
  EXPECT_THAT(ground.held_out.test.RowColumns(0), ElementsAre(1u)) << "a, not new";
  EXPECT_THAT(ground.held_out.test.RowColumns(1), ElementsAre(0u));
  EXPECT_THAT(ground.held_out.known.RowColumns(0), ElementsAre(0u));
  EXPECT_THAT(ground.held_out.known.RowColumns(1), ElementsAre(1u, 2u));
}

TEST_F(LiveViewTest, LeavesOutUsersOfWhomNothingCommonIsKnownOrTested) {
  const auto live = TrainSmall(DatasetOf({MakeInteraction("u", "a"), MakeInteraction("v", "b")}));
  const Dataset train = DatasetOf({MakeInteraction("u", "a"), MakeInteraction("v", "new"),
                                   MakeInteraction("w", "a"), MakeInteraction("x", "b")});
  const CommonGround ground =
      Find(train,
           Tests(train, {MakeInteraction("u", "new"), MakeInteraction("v", "a"), MakeInteraction("w", "b")}),
           *live);
  EXPECT_THAT(Ids(*ground.users), ElementsAre("w")) << "whom the live model does not know, but can fold in";
}

TEST_F(LiveViewTest, LeavesOutTestsThatTheLiveModelWasTrainedOn) {
  Record({MakeInteraction("u", "a"), MakeInteraction("u", "b"), MakeInteraction("v", "a")});
  const uint64_t through = log->last_sequence();
  Record({MakeInteraction("u", "b"), MakeInteraction("u", "c"), MakeInteraction("v", "b")});
  const Dataset train = DatasetOf({MakeInteraction("u", "a"), MakeInteraction("v", "a"),
                                   MakeInteraction("w", "b"), MakeInteraction("w", "c")});
  const auto live = TrainSmall(train);
  const CsrMatrix test =
      Tests(train, {MakeInteraction("u", "b"), MakeInteraction("u", "c"), MakeInteraction("v", "b")});
  const CommonGround ground = Find(train, test, *live, through);
  EXPECT_THAT(Ids(*ground.users), ElementsAre("u", "v"));
  EXPECT_THAT(ground.held_out.test.RowColumns(0), ElementsAre(train.items->Find("c").value()))
      << "u met b before and again";
  EXPECT_TRUE(Find(train, test, *live, log->last_sequence()).user_rows.empty());
  EXPECT_EQ(Find(train, test, *live, 0).held_out.test.entries(), 3) << "trained elsewhere before all of it";
}

TEST_F(LiveViewTest, LeavesOutUsersWithMoreEventsThanAreRead) {
  std::vector<Interaction> flood(kMostEventsRead + 1, MakeInteraction("bot", "a"));
  Record(flood);
  Record({MakeInteraction("u", "a")});
  const uint64_t through = log->last_sequence();
  const Dataset train =
      DatasetOf({MakeInteraction("bot", "a"), MakeInteraction("u", "a"), MakeInteraction("w", "b")});
  const auto live = TrainSmall(train);
  const CsrMatrix test = Tests(train, {MakeInteraction("bot", "b"), MakeInteraction("u", "b")});
  EXPECT_THAT(Ids(*Find(train, test, *live, through).users), ElementsAre("u"));
}

TEST_F(LiveViewTest, ReadsNoFurtherUserOnceCancelled) {
  const Dataset train =
      DatasetOf({MakeInteraction("u", "a"), MakeInteraction("v", "a"), MakeInteraction("w", "b")});
  const auto live = TrainSmall(train);
  const CsrMatrix test = Tests(train, {MakeInteraction("u", "b"), MakeInteraction("v", "b")});
  CancellationToken cancellation;
  FakeInteractionLog read;
  int reads = 0;
  read.after_read = [&] {
    ++reads;
    cancellation.Cancel();
  };
  ModelInfo info;
  info.trained_through_sequence = 1;
  EXPECT_EQ(FindCommonGround(train, test, *live, info, read, cancellation).status().code(),
            absl::StatusCode::kCancelled);
  EXPECT_EQ(reads, 1);
  const CommonGround ground = Find(train, test, *live);
  EXPECT_EQ(NewView(ground, train, *live, arena_, cancellation).status().code(),
            absl::StatusCode::kCancelled);
}

TEST_F(LiveViewTest, ScoresAsTheModelDoesForUsersFoldedIn) {
  for (const Feedback feedback : {Feedback::kImplicit, Feedback::kExplicit}) {
    const auto live = TrainSmall(BuildDataset(TableOf(TwoTastes(20, 10)), feedback));
    std::vector<Interaction> later = {MakeInteraction("fresh", "i8"), MakeInteraction("fresh", "i2", 2.0f),
                                      MakeInteraction("u3", "unheard of"), MakeInteraction("u3", "i9"),
                                      MakeInteraction("fresh", "unheard of")};
    const Dataset train = BuildDataset(TableOf(later), feedback);
    const CommonGround ground = Find(train, Tests(train, {MakeInteraction("fresh", "i9")}), *live);
    ASSERT_THAT(Ids(*ground.users), ElementsAre("fresh"));
    const auto view = LiveView(ground, train, *live, arena_, CancellationToken()).value();
    const auto row = [&](const std::string& item) { return live->item_ids().Find(item).value(); };
    const UserVector fresh = FoldInUser(*live, {{row("i8"), row("i2")}, {1.0f, 2.0f}}).value();
    for (const std::string item : {"i8", "i2", "i9"}) {
      const uint32_t column = ground.items->Find(item).value();
      EXPECT_FLOAT_EQ(view->Score(view->User(0), column), live->Score(fresh, row(item))) << item;
    }
    const auto model = TrainSmall(train);
    const auto new_view = NewView(ground, train, *model, arena_, CancellationToken()).value();
    const UserVector known = FoldInUser(*model, {{0, 1, 2}, {1.0f, 2.0f, 1.0f}}).value();
    EXPECT_FLOAT_EQ(new_view->Score(new_view->User(0), ground.items->Find("i9").value()),
                    model->Score(known, model->item_ids().Find("i9").value()));
  }
}

}  // namespace
}  // namespace ridgeline
