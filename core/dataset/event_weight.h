#ifndef RIDGELINE_CORE_DATASET_EVENT_WEIGHT_H_
#define RIDGELINE_CORE_DATASET_EVENT_WEIGHT_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ridgeline {

/// The most types that may be given a weight.
inline constexpr size_t kMaxEventTypes = 1000;

/// What one event counts, by its type and its age. Training and fold-in weigh by these very functions, in the
/// same order: first OfType, then Decayed, then the sum over a pair's events. Implicit feedback only. A plain
/// value; the default leaves every value as it is.
struct EventWeight {
  /// Factor by event type, at least 0: 0 takes such events for no evidence at all. A type that is not named
  /// here counts once.
  std::map<std::string, double> type_factors = {};

  /// Days, of 24 hours, in which an event loses half of its weight: at least 0; 0 is no decay. Short: follows
  /// changing taste and forgets what is rarely done.
  double half_life_days = 0.0;

  /// What the age of events is measured from, Unix microseconds: the time of the newest event that was
  /// trained on. It stays as it is when the model is served, so a history weighs what it weighed in training;
  /// later events weigh what one at this time does.
  int64_t reference_time = 0;

  /// `value` of an event of type `event_type`, which may be empty, by its type.
  float OfType(float value, absl::string_view event_type) const;

  /// `value` of an event at `time`, Unix microseconds, by its age: value 2^(-age / half-life).
  float Decayed(float value, int64_t time) const;

  /// Whether it leaves every value as it is.
  bool IsNeutral() const { return type_factors.empty() && half_life_days == 0.0; }
};

/// kInvalidArgument beginning with "event_type_weights" when there are too many, a factor is negative or not
/// finite or a type is not one that an interaction may have, "half_life_days" when that is negative or not
/// finite.
absl::Status ValidateEventWeight(const EventWeight& weight);

/// Reads type_factors from "click=1,purchase=5"; empty text is no factors. kInvalidArgument beginning with
/// "event_type_weights" when an element is no pair, a number cannot be read or a type comes twice.
absl::StatusOr<std::map<std::string, double>> ParseEventTypeWeights(absl::string_view text);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_DATASET_EVENT_WEIGHT_H_
