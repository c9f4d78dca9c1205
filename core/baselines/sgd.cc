#include "core/baselines/sgd.h"

#include <vector>

#include "core/als/bias_initialization.h"
#include "core/als/objective.h"
#include "core/als/row_system.h"
#include "core/base/random.h"
#include "core/base/status_macros.h"
#include "core/baselines/strata.h"

namespace ridgeline {
namespace {

// One entry's share of its row's regularization, for each row.
std::vector<float> Shares(const CsrMatrix& matrix, const Hyperparameters& hyperparameters, double lambda) {
  std::vector<float> shares(matrix.rows, 0.0f);
  for (uint32_t row = 0; row < matrix.rows; ++row) {
    const int64_t entries = matrix.RowEntries(row);
    if (entries == 0) continue;
    const double whole = RowRegularization(hyperparameters, lambda, entries, matrix.columns);
    shares[row] = static_cast<float>(whole / static_cast<double>(entries));
  }
  return shares;
}

// One side while it is trained.
struct Side {
  FactorMatrix& matrix;
  std::vector<float> factor_shares;  // [rows]
  std::vector<float> bias_shares;    // [rows]

  float* Row(uint32_t row) {
    return matrix.values.data() + size_t{row} * static_cast<size_t>(matrix.factors);
  }
};

// Half the gradient of one entry's part of the objective, times the learning rate.
void LearnPair(const RatedPair& pair, float global_mean, float rate, Side& users, Side& items) {
  const int factors = users.matrix.factors;
  float* const __restrict x = users.Row(pair.user);
  float* const __restrict y = items.Row(pair.item);
  float& user_bias = users.matrix.biases[pair.user];
  float& item_bias = items.matrix.biases[pair.item];
  float product = 0.0f;
  for (int k = 0; k < factors; ++k) product += x[k] * y[k];
  const float error = pair.value - (global_mean + user_bias + item_bias + product);
  user_bias += rate * (error - users.bias_shares[pair.user] * user_bias);
  item_bias += rate * (error - items.bias_shares[pair.item] * item_bias);
  const float user_share = users.factor_shares[pair.user];
  const float item_share = items.factor_shares[pair.item];
  for (int k = 0; k < factors; ++k) {
    const float before = x[k];
    x[k] += rate * (error * y[k] - user_share * before);
    y[k] += rate * (error * before - item_share * y[k]);
  }
}

Side MakeSide(const CsrMatrix& matrix, const Hyperparameters& hyperparameters, FactorMatrix& factors) {
  return {factors, Shares(matrix, hyperparameters, hyperparameters.regularization),
          Shares(matrix, hyperparameters, hyperparameters.bias_regularization)};
}

}  // namespace

absl::StatusOr<std::shared_ptr<const FactorModel>> TrainSgd(const Dataset& dataset,
                                                            const GradientDescentOptions& options,
                                                            const GradientDescentRun& run) {
  RIDGELINE_RETURN_IF_ERROR(ValidateGradientDescent(dataset, options, run, Feedback::kExplicit));
  const double global_mean = MeanValue(dataset.by_user);
  BothSides sides = InitialSides(dataset, options, global_mean, *run.arena);
  Side users = MakeSide(dataset.by_user, options.hyperparameters, sides.users);
  Side items = MakeSide(dataset.by_item, options.hyperparameters, sides.items);
  const auto pass = [&](int iteration, float rate) {
    const Strata strata(dataset.by_user, Random::Fork(options.seed, static_cast<uint64_t>(iteration))(),
                        *run.arena);
    strata.ForEachBlock(*run.arena, [&](uint32_t user_stratum, uint32_t item_stratum) {
      for (const RatedPair& pair : strata.Block(user_stratum, item_stratum)) {
        LearnPair(pair, static_cast<float>(global_mean), rate, users, items);
      }
    });
  };
  const auto objective = [&] {
    return Objective(dataset, options.hyperparameters, global_mean, sides.users, sides.items, *run.arena);
  };
  RIDGELINE_RETURN_IF_ERROR(Descend(options, run, pass, objective));
  return FinishModel(dataset, options.hyperparameters, global_mean, std::move(sides));
}

}  // namespace ridgeline
