#ifndef RIDGELINE_TESTS_CORE_ALS_PLACED_ITEMS_H_
#define RIDGELINE_TESTS_CORE_ALS_PLACED_ITEMS_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "core/model/factor_model.h"
#include "tests/core/als/random_dataset.h"

namespace ridgeline {

inline constexpr uint32_t kPlaced = 4;

/// `model` with kPlaced items more that it was not trained on.
inline std::shared_ptr<const FactorModel> WithPlacedItems(const FactorModel& model) {
  FactorModelParts parts = model.parts();
  FactorMatrix placed = RandomFactors(kPlaced, model.factors(), HasBiases(model.hyperparameters()), 5);
  MakeFeasible(model.hyperparameters(), placed);
  parts.items.values.insert(parts.items.values.end(), placed.values.begin(), placed.values.end());
  parts.items.biases.insert(parts.items.biases.end(), placed.biases.begin(), placed.biases.end());
  parts.item_popularity.resize(parts.items.rows(), 0.0f);
  parts.item_ids = MakeIds("item", static_cast<uint32_t>(parts.items.rows()));
  parts.placed_items = kPlaced;
  return *FactorModel::Create(std::move(parts));
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_ALS_PLACED_ITEMS_H_
