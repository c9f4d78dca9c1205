#include "server/convert_interaction.h"

#include <functional>
#include <limits>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using InteractionMessages = google::protobuf::RepeatedPtrField<v1::Interaction>;

const RecordingMoment kReceived{absl::FromUnixSeconds(1'700'000'000),
                                absl::FromUnixSeconds(1'700'000'000) + kClockTolerance};

v1::Interaction Good() {
  v1::Interaction message;
  message.set_user_id("u");
  message.set_item_id("i");
  return message;
}

// What is wrong with a batch whose second interaction is changed by `change`.
absl::Status ErrorOf(const std::function<void(v1::Interaction*)>& change,
                     Feedback feedback = Feedback::kImplicit) {
  InteractionMessages messages;
  *messages.Add() = Good();
  *messages.Add() = Good();
  change(messages.Mutable(1));
  return InteractionsFromProto(messages, kReceived, feedback).status();
}

TEST(ConvertInteraction, FillsInDefaults) {
  InteractionMessages messages;
  *messages.Add() = Good();
  const auto interactions = InteractionsFromProto(messages, kReceived, Feedback::kImplicit);
  ASSERT_TRUE(interactions.ok()) << interactions.status();
  ASSERT_EQ(interactions->size(), 1u);
  EXPECT_EQ(interactions->front().value, 1.0f);
  EXPECT_EQ(interactions->front().time, kReceived.stamp);
}

TEST(ConvertInteraction, KeepsEveryField) {
  LoggedInteraction logged;
  logged.sequence = 42;
  logged.interaction = {"user", "item", 3.5f, absl::FromUnixMicros(1'234'567), "event", "purchase", "answer"};
  const v1::Interaction message = ToProto(logged);
  EXPECT_EQ(message.sequence(), 42);
  InteractionMessages messages;
  *messages.Add() = message;
  const Interaction back = InteractionsFromProto(messages, kReceived, Feedback::kExplicit).value().front();
  EXPECT_EQ(back.user_id, "user");
  EXPECT_EQ(back.item_id, "item");
  EXPECT_EQ(back.value, 3.5f);
  EXPECT_EQ(back.time, logged.interaction.time);
  EXPECT_EQ(back.event_id, "event");
  EXPECT_EQ(back.event_type, "purchase");
  EXPECT_EQ(back.recommendation_id, "answer");
}

TEST(ConvertInteraction, NamesTheWrongField) {
  const struct {
    const char* field;
    std::function<void(v1::Interaction*)> change;
  } cases[] = {
      {"user_id", [](v1::Interaction* i) { i->clear_user_id(); }},
      {"user_id", [](v1::Interaction* i) { i->set_user_id(std::string(257, 'x')); }},
      {"item_id", [](v1::Interaction* i) { i->set_item_id("a\nb"); }},
      {"item_id", [](v1::Interaction* i) { i->set_item_id("\xff"); }},
      {"value", [](v1::Interaction* i) { i->set_value(std::numeric_limits<float>::quiet_NaN()); }},
      {"value", [](v1::Interaction* i) { i->set_value(std::numeric_limits<float>::infinity()); }},
      {"time", [](v1::Interaction* i) { i->mutable_time()->set_seconds(int64_t{1} << 60); }},
      {"event_id", [](v1::Interaction* i) { i->set_event_id(std::string(257, 'x')); }},
      {"event_type", [](v1::Interaction* i) { i->set_event_type(std::string(257, 'x')); }},
      {"recommendation_id", [](v1::Interaction* i) { i->set_recommendation_id(std::string(257, 'x')); }},
  };
  for (const auto& [field, change] : cases) {
    const absl::Status status = ErrorOf(change);
    const std::string begin = std::string("interactions[1].") + field + ":";
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << field;
    EXPECT_EQ(status.message().substr(0, begin.size()), begin) << status;
  }
}

TEST(ConvertInteraction, ZeroIsARatingButNoWeight) {
  const auto zero = [](v1::Interaction* i) { i->set_value(0.0f); };
  EXPECT_TRUE(ErrorOf(zero, Feedback::kExplicit).ok());
  EXPECT_FALSE(ErrorOf(zero, Feedback::kImplicit).ok());
  EXPECT_FALSE(ErrorOf([](v1::Interaction* i) { i->set_value(-1.0f); }, Feedback::kImplicit).ok());
}

TEST(ConvertInteraction, RefusesTimesFarInTheFutureAndTakesThoseOf1970) {
  const auto with_time = [](int64_t seconds) {
    return ErrorOf([seconds](v1::Interaction* message) { message->mutable_time()->set_seconds(seconds); });
  };
  EXPECT_TRUE(with_time(0).ok());
  EXPECT_TRUE(with_time(1'700'000'000 + 86'400).ok());
  const absl::Status future = with_time(1'700'000'000 + 3 * 86'400);
  EXPECT_EQ(future.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(future.message()), testing::StartsWith("interactions[1].time: is in the future"));
}

TEST(ConvertInteraction, RefusesEmptyAndTooLargeBatches) {
  InteractionMessages messages;
  EXPECT_FALSE(InteractionsFromProto(messages, kReceived, Feedback::kImplicit).ok());
  for (int i = 0; i < 10'000; ++i) *messages.Add() = Good();
  EXPECT_TRUE(InteractionsFromProto(messages, kReceived, Feedback::kImplicit).ok());
  *messages.Add() = Good();
  EXPECT_EQ(InteractionsFromProto(messages, kReceived, Feedback::kImplicit).status().message(),
            "interactions: must have 1 to 10000 elements, got 10001");
}

}  // namespace
}  // namespace ridgeline
