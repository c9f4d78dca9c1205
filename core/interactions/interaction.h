#ifndef RIDGELINE_CORE_INTERACTIONS_INTERACTION_H_
#define RIDGELINE_CORE_INTERACTIONS_INTERACTION_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace ridgeline {

/// The longest user, item or event id, in bytes.
inline constexpr size_t kMaxIdBytes = 256;

/// One thing that a user did with an item.
struct Interaction {
  std::string user_id;
  std::string item_id;
  float value = 1.0f;             ///< explicit: the rating; implicit: a weight, positive
  absl::Time time;                ///< when it happened
  std::string event_id;           ///< optional; a second interaction with the same event id is a duplicate
  std::string event_type;         ///< optional, e.g. "click"; at most kMaxIdBytes
  std::string recommendation_id;  ///< optional; the answer that led to it
};

/// An interaction whose texts stand elsewhere, where they must outlive it: for reading without copies.
struct InteractionView {
  InteractionView() = default;
  InteractionView(const Interaction& interaction);  // NOLINT(google-explicit-constructor): as a string's view

  absl::string_view user_id;
  absl::string_view item_id;
  float value = 1.0f;
  absl::Time time;
  absl::string_view event_id;
  absl::string_view event_type;
  absl::string_view recommendation_id;
};

/// A copy that owns its texts.
Interaction ToInteraction(const InteractionView& view);

/// OK when `id` is 1 to kMaxIdBytes bytes of UTF-8 without control characters; otherwise kInvalidArgument
/// whose message begins with `field`.
absl::Status ValidateId(absl::string_view field, absl::string_view id);

/// OK when every field is acceptable, kInvalidArgument naming the first bad field otherwise. Values must be
/// finite.
absl::Status ValidateInteraction(const InteractionView& interaction);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_INTERACTION_H_
