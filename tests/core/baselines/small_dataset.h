#ifndef RIDGELINE_TESTS_CORE_BASELINES_SMALL_DATASET_H_
#define RIDGELINE_TESTS_CORE_BASELINES_SMALL_DATASET_H_

#include <string>
#include <tuple>
#include <vector>

#include "core/dataset/dataset.h"

namespace ridgeline {

/// A dataset of (user, item, value); rows are numbered in the order in which ids appear.
inline Dataset MakeDataset(const std::vector<std::tuple<std::string, std::string, float>>& entries,
                           Feedback feedback) {
  InteractionTableBuilder builder;
  for (const auto& [user, item, value] : entries) {
    Interaction interaction;
    interaction.user_id = user;
    interaction.item_id = item;
    interaction.value = value;
    builder.Add(interaction);
  }
  return BuildDataset(builder.Build(), feedback);
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_BASELINES_SMALL_DATASET_H_
