#ifndef RIDGELINE_TESTS_CORE_LAB_COLD_ITEM_WORLD_H_
#define RIDGELINE_TESTS_CORE_LAB_COLD_ITEM_WORLD_H_

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "core/dataset/interaction_table.h"

namespace ridgeline {

/// Aggregated interactions of `users` users with `items` items: user u meets items i of u's own kind,
/// u % 3 == i % 3, with probability .7 and others with .1; a user in 20 meets nothing, one in 20 a single
/// item.
inline InteractionTable ThreeKinds(int users, int items, uint64_t seed) {
  Random random(seed);
  InteractionTableBuilder builder;
  for (int user = 0; user < users; ++user) {
    for (int item = 0; item < items; ++item) {
      if (user % 20 == 7 || (user % 20 == 8 && item > 0)) continue;
      const bool met = user % 20 == 8 || random.Uniform() < (user % 3 == item % 3 ? 0.7 : 0.1);
      if (!met) continue;
      Interaction interaction;
      interaction.user_id = absl::StrCat("u", user);
      interaction.item_id = absl::StrCat("i", item);
      interaction.value = static_cast<float>(1 + random.Below(3));
      interaction.time = absl::FromUnixSeconds(user * 100 + item);
      builder.Add(interaction);
    }
  }
  return builder.Build();
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_LAB_COLD_ITEM_WORLD_H_
