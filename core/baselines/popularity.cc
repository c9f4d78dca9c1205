#include "core/baselines/popularity.h"

#include <numeric>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "core/als/als_trainer.h"
#include "core/als/bias_initialization.h"

namespace ridgeline {

absl::StatusOr<std::shared_ptr<const FactorModel>> TrainPopularity(const Dataset& dataset) {
  if (dataset.by_user.entries() == 0) return absl::InvalidArgumentError("dataset: is empty");
  FactorModelParts parts;
  parts.hyperparameters.feedback = dataset.feedback;
  parts.hyperparameters.factors = 0;
  // Ratings are predicted by their mean: popularity says nothing about them.
  parts.global_mean = dataset.feedback == Feedback::kExplicit ? MeanValue(dataset.by_user) : 0.0;
  parts.user_ids = dataset.users;
  parts.item_ids = dataset.items;
  parts.users = {0, {}, std::vector<float>(dataset.by_user.rows, 0.0f)};
  parts.item_popularity = ItemPopularity(dataset);
  const double total = std::accumulate(parts.item_popularity.begin(), parts.item_popularity.end(), 0.0);
  for (float popularity : parts.item_popularity)
    parts.items.biases.push_back(static_cast<float>(popularity / total));
  return FactorModel::Create(std::move(parts));
}

}  // namespace ridgeline
