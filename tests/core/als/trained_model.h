#ifndef RIDGELINE_TESTS_CORE_ALS_TRAINED_MODEL_H_
#define RIDGELINE_TESTS_CORE_ALS_TRAINED_MODEL_H_

#include <memory>
#include <utility>

#include "core/als/als_trainer.h"
#include "core/als/half_step.h"
#include "core/als/history.h"
#include "gtest/gtest.h"
#include "tests/core/als/other_side.h"
#include "tests/core/als/random_dataset.h"

namespace ridgeline {

inline History RowHistory(const CsrMatrix& matrix, uint32_t row) {
  const auto columns = matrix.RowColumns(row);
  const auto values = matrix.RowValues(row);
  return {{columns.begin(), columns.end()}, {values.begin(), values.end()}};
}

/// A model as it is right after a user step.
inline std::shared_ptr<const FactorModel> TrainedModel(const Dataset& dataset,
                                                       const Hyperparameters& hyperparameters) {
  Arena arena(2);
  AlsOptions options;
  options.hyperparameters = hyperparameters;
  options.iterations = 3;
  AlsRun run;
  run.arena = &arena;
  const auto trained = TrainAls(dataset, options, run);
  EXPECT_TRUE(trained.ok()) << trained.status();
  FactorModelParts parts = (*trained)->parts();
  const OtherSide side(hyperparameters, parts.items, parts.global_mean);
  EXPECT_TRUE(SolveHalfStep(side.Fixed(), dataset.by_user, arena, nullptr, &parts.users).ok());
  return *FactorModel::Create(std::move(parts));
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_ALS_TRAINED_MODEL_H_
