#ifndef RIDGELINE_TESTS_CORE_DATASET_RANDOM_TABLE_H_
#define RIDGELINE_TESTS_CORE_DATASET_RANDOM_TABLE_H_

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/base/random.h"
#include "core/dataset/interaction_table.h"

namespace ridgeline {

/// `size` interactions of users "u0".. with items "i0".., with duplicates, equal times and values from 1
/// to 5.
inline InteractionTable RandomTable(int size, uint64_t users, uint64_t items, uint64_t seed) {
  Random random(seed);
  InteractionTableBuilder builder;
  for (int n = 0; n < size; ++n) {
    Interaction interaction;
    interaction.user_id = absl::StrCat("u", random.Below(users));
    interaction.item_id = absl::StrCat("i", random.Below(items));
    interaction.value = static_cast<float>(1 + random.Below(5));
    interaction.time = absl::FromUnixMicros(static_cast<int64_t>(random.Below(20)));
    builder.Add(interaction);
  }
  return builder.Build();
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_DATASET_RANDOM_TABLE_H_
