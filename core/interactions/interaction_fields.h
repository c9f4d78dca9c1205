#ifndef RIDGELINE_CORE_INTERACTIONS_INTERACTION_FIELDS_H_
#define RIDGELINE_CORE_INTERACTIONS_INTERACTION_FIELDS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/interactions/interaction.h"

namespace ridgeline {

/// The fields of an interaction that a file can have.
enum class InteractionField { kUser, kItem, kValue, kTime, kEventId, kEventType, kRecommendationId, kOther };

/// `name` in lower case, without underscores and outer blanks: what names of columns and keys are compared
/// as.
std::string NormalizedFieldName(absl::string_view name);

/// The field that a column or a JSON key called `name` holds, whatever its case, underscores and outer
/// blanks: userId, user_id and user are the same. kOther when the name says nothing.
InteractionField FieldOfName(absl::string_view name);

/// A finite number; kInvalidArgument "value: .." otherwise.
absl::StatusOr<float> ParseValue(absl::string_view text);

/// Unix seconds with or without a fraction, milliseconds when above 10^11, or RFC 3339 with its zone;
/// kInvalidArgument "time: .." otherwise.
absl::StatusOr<absl::Time> ParseTime(absl::string_view text);

/// Sets one field of `interaction` from its text, which ids then point into; does nothing for kOther. Errors
/// as ParseValue and ParseTime; ids are left to ValidateInteraction.
absl::Status SetField(InteractionField field, absl::string_view text, InteractionView* interaction);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_INTERACTION_FIELDS_H_
