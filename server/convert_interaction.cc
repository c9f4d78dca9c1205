#include "server/convert_interaction.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "server/convert_time.h"
#include "server/validation.h"

namespace ridgeline {
namespace {

absl::StatusOr<Interaction> InteractionFromProto(const v1::Interaction& message, const RecordingMoment& now,
                                                 Feedback feedback) {
  Interaction interaction;
  interaction.user_id = message.user_id();
  interaction.item_id = message.item_id();
  if (message.has_value()) interaction.value = message.value();
  interaction.time = now.stamp;
  if (message.has_time()) {
    RIDGELINE_ASSIGN_OR_RETURN(interaction.time, FromProto("time", message.time()));
    RIDGELINE_RETURN_IF_ERROR(now.Check(interaction.time));
  }
  interaction.event_id = message.event_id();
  interaction.event_type = message.event_type();
  interaction.recommendation_id = message.recommendation_id();
  RIDGELINE_RETURN_IF_ERROR(ValidateInteraction(interaction));
  if (feedback == Feedback::kImplicit && interaction.value <= 0.0f) {
    return FieldError("value",
                      absl::StrCat("must be above 0 with implicit feedback, got ", interaction.value));
  }
  return interaction;
}

}  // namespace

absl::StatusOr<std::vector<Interaction>> InteractionsFromProto(
    const google::protobuf::RepeatedPtrField<v1::Interaction>& messages, const RecordingMoment& now,
    Feedback feedback) {
  RIDGELINE_RETURN_IF_ERROR(CheckCount("interactions", messages.size(), 1, kMaxInteractionsInMessage));
  std::vector<Interaction> interactions;
  interactions.reserve(messages.size());
  for (const v1::Interaction& message : messages) {
    absl::StatusOr<Interaction> interaction = InteractionFromProto(message, now, feedback);
    if (!interaction.ok()) {
      return Within(absl::StrCat("interactions[", interactions.size(), "]"), interaction.status());
    }
    interactions.push_back(*std::move(interaction));
  }
  return interactions;
}

v1::Interaction ToProto(const LoggedInteraction& logged) {
  v1::Interaction message;
  message.set_user_id(logged.interaction.user_id);
  message.set_item_id(logged.interaction.item_id);
  message.set_value(logged.interaction.value);
  *message.mutable_time() = ToProto(logged.interaction.time);
  message.set_event_id(logged.interaction.event_id);
  message.set_event_type(logged.interaction.event_type);
  message.set_recommendation_id(logged.interaction.recommendation_id);
  message.set_sequence(static_cast<int64_t>(logged.sequence));
  return message;
}

}  // namespace ridgeline
