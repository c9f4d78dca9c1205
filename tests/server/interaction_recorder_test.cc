#include "server/interaction_recorder.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/world.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

class InteractionRecorderTest : public testing::Test {
 protected:
  static v1::ImportInteractionsRequest Message(const std::string& user_id, const std::string& event_id = "") {
    v1::ImportInteractionsRequest message;
    message.add_interactions()->set_user_id(user_id);
    message.mutable_interactions(0)->set_item_id("a");
    message.mutable_interactions(0)->set_event_id(event_id);
    return message;
  }

  World world_;
  InteractionRecorder recorder_{world_.stores.log.get(), world_.recommender.get(),
                                &world_.snapshots,       &world_.metrics,
                                &world_.clock,           Feedback::kImplicit};
};

TEST_F(InteractionRecorderTest, WhatIsRecordedIsInTheNextRecommendation) {
  world_.Serve();
  RecommendQuery query;
  query.subject = UserSubject{"new"};
  EXPECT_EQ(world_.recommender->Recommend(query)->source, RecommendationSource::kPopular);
  ASSERT_TRUE(recorder_.Record(Message("new").interactions()).ok());
  const auto result = world_.recommender->Recommend(query);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->source, RecommendationSource::kFoldIn);
  for (const Recommendation& recommendation : result->recommendations) EXPECT_NE(recommendation.item_id, "a");
}

TEST_F(InteractionRecorderTest, CountsWhatItRecorded) {
  ASSERT_TRUE(recorder_.Record(Message("u", "e1").interactions()).ok());
  ASSERT_TRUE(recorder_.Record(Message("u", "e1").interactions()).ok());
  EXPECT_THAT(world_.metrics.Serialize(), HasSubstr("ridgeline_interactions_recorded_total 1\n"));
  EXPECT_THAT(world_.metrics.Serialize(), HasSubstr("ridgeline_interactions_duplicate_total 1\n"));
}

TEST_F(InteractionRecorderTest, AnInteractionThatFollowsARecommendationIsAHitOnce) {
  world_.Serve();
  v1::ImportInteractionsRequest message = Message("u", "e1");
  message.mutable_interactions(0)->set_recommendation_id("a-1.v000001.model");
  ASSERT_TRUE(recorder_.Record(message.interactions()).ok());
  ASSERT_TRUE(recorder_.Record(message.interactions()).ok()) << "sent again";
  *message.add_interactions() = message.interactions(0);
  message.mutable_interactions(1)->set_event_id("e2");
  ASSERT_TRUE(recorder_.Record(message.interactions()).ok()) << "one of them sent again";
  ASSERT_TRUE(recorder_.Record(Message("u", "e3").interactions()).ok()) << "follows none";
  EXPECT_THAT(world_.metrics.Serialize(),
              HasSubstr("ridgeline_recommendation_hits_total{version=\"v000001\",source=\"model\"} 2\n"));
}

TEST_F(InteractionRecorderTest, StampsAreNotBeforeThoseOfTheProcessBefore) {
  ASSERT_TRUE(recorder_.Record(Message("u").interactions()).ok());
  world_.clock.Advance(-absl::Hours(24));
  InteractionRecorder next(world_.stores.log.get(), world_.recommender.get(), &world_.snapshots,
                           &world_.metrics, &world_.clock, Feedback::kImplicit);
  ASSERT_TRUE(next.Record(Message("u").interactions()).ok());
  const std::vector<LoggedInteraction> events = world_.stores.log->ReadUser("u").value();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[1].interaction.time, events[0].interaction.time);
}

TEST_F(InteractionRecorderTest, AnImportAddsItsMessagesUp) {
  InteractionImport import(&recorder_);
  ASSERT_TRUE(import.Add(Message("u1", "e1")).ok());
  ASSERT_TRUE(import.Add(Message("u2", "e2")).ok());
  ASSERT_TRUE(import.Add(Message("u1", "e1")).ok());
  EXPECT_EQ(import.summary().recorded_count(), 2);
  EXPECT_EQ(import.summary().duplicate_count(), 1);
  EXPECT_EQ(import.summary().last_sequence(), 2);
  EXPECT_EQ(import.summary().message_count(), 3);
}

TEST_F(InteractionRecorderTest, AnImportSaysWhichMessageIsWrongAndWhatIsRecorded) {
  InteractionImport import(&recorder_);
  ASSERT_TRUE(import.Add(Message("u1")).ok());
  const absl::Status status = import.Add(Message(""));
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), testing::StartsWith("interactions[0].user_id: "));
  EXPECT_THAT(std::string(status.message()), HasSubstr("message 1 of the stream"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("1 interactions"));
  EXPECT_EQ(world_.stores.log->size(), 1);
}

}  // namespace
}  // namespace ridgeline
