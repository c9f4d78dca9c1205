#ifndef RIDGELINE_TESTS_CORE_DATASET_RATING_H_
#define RIDGELINE_TESTS_CORE_DATASET_RATING_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/interactions/interaction.h"

namespace ridgeline {

/// An interaction at `seconds` of Unix time.
inline Interaction Rating(absl::string_view user, absl::string_view item, float value, int64_t seconds) {
  Interaction interaction;
  interaction.user_id = std::string(user);
  interaction.item_id = std::string(item);
  interaction.value = value;
  interaction.time = absl::FromUnixSeconds(seconds);
  return interaction;
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_DATASET_RATING_H_
