#include "core/interactions/interaction.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"

namespace ridgeline {
namespace {

absl::Status InvalidField(absl::string_view field, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": ", why));
}

absl::Status ValidateOptionalId(absl::string_view field, absl::string_view id) {
  return id.empty() ? absl::OkStatus() : ValidateId(field, id);
}

// The years that RFC 3339 and protocol buffers can spell.
bool IsTimeInRange(absl::Time time) {
  constexpr int64_t kYear1 = -62135596800;
  constexpr int64_t kYear10000 = 253402300800;
  return time >= absl::FromUnixSeconds(kYear1) && time < absl::FromUnixSeconds(kYear10000);
}

}  // namespace

InteractionView::InteractionView(const Interaction& interaction)
    : user_id(interaction.user_id),
      item_id(interaction.item_id),
      value(interaction.value),
      time(interaction.time),
      event_id(interaction.event_id),
      event_type(interaction.event_type),
      recommendation_id(interaction.recommendation_id) {}

Interaction ToInteraction(const InteractionView& view) {
  Interaction interaction;
  interaction.user_id = std::string(view.user_id);
  interaction.item_id = std::string(view.item_id);
  interaction.value = view.value;
  interaction.time = view.time;
  interaction.event_id = std::string(view.event_id);
  interaction.event_type = std::string(view.event_type);
  interaction.recommendation_id = std::string(view.recommendation_id);
  return interaction;
}

absl::Status ValidateId(absl::string_view field, absl::string_view id) {
  if (id.empty()) return InvalidField(field, "must not be empty");
  if (id.size() > kMaxIdBytes) {
    return InvalidField(field, absl::StrCat("must be at most ", kMaxIdBytes, " bytes, got ", id.size()));
  }
  if (IsPrintableAscii(id)) return absl::OkStatus();  // most ids: one pass instead of two
  if (!IsValidUtf8(id)) return InvalidField(field, "must be UTF-8");
  if (HasControlCharacter(id)) return InvalidField(field, "must not contain control characters");
  return absl::OkStatus();
}

absl::Status ValidateInteraction(const InteractionView& interaction) {
  RIDGELINE_RETURN_IF_ERROR(ValidateId("user_id", interaction.user_id));
  RIDGELINE_RETURN_IF_ERROR(ValidateId("item_id", interaction.item_id));
  if (!std::isfinite(interaction.value)) return InvalidField("value", "must be a finite number");
  if (!IsTimeInRange(interaction.time)) return InvalidField("time", "must be in the years 1 to 9999");
  RIDGELINE_RETURN_IF_ERROR(ValidateOptionalId("event_id", interaction.event_id));
  RIDGELINE_RETURN_IF_ERROR(ValidateOptionalId("event_type", interaction.event_type));
  return ValidateOptionalId("recommendation_id", interaction.recommendation_id);
}

}  // namespace ridgeline
