#include "core/als/objective.h"

#include <cstdint>
#include <functional>
#include <numeric>
#include <vector>

#include "core/als/half_step.h"
#include "core/kernels/kernels.h"

namespace ridgeline {
namespace {

constexpr int64_t kBlockRows = 256;

// The sum of `term` over the rows: a sum a block, the blocks in order.
double SumOverRows(uint32_t rows, Arena& arena, const std::function<double(uint32_t row)>& term) {
  std::vector<double> blocks((size_t{rows} + kBlockRows - 1) / kBlockRows, 0.0);
  arena.ParallelFor(rows, kBlockRows, [&](int64_t begin, int64_t end) {
    double& sum = blocks[static_cast<size_t>(begin / kBlockRows)];
    for (int64_t row = begin; row < end; ++row) sum += term(static_cast<uint32_t>(row));
  });
  return std::accumulate(blocks.begin(), blocks.end(), 0.0);
}

// One side's regularization.
double Penalty(const CsrMatrix& matrix, const Hyperparameters& hyperparameters, const FactorMatrix& solved,
               Arena& arena) {
  return SumOverRows(matrix.rows, arena, [&](uint32_t row) {
    const auto lambda = [&](double unscaled) {
      return RowRegularization(hyperparameters, unscaled, matrix.RowEntries(row), matrix.columns);
    };
    double squares = 0.0;
    for (const float factor : solved.Row(row)) squares += double{factor} * double{factor};
    const double penalty = lambda(hyperparameters.regularization) * squares;
    if (hyperparameters.feedback == Feedback::kImplicit) return penalty;
    const double bias = solved.biases[row];
    return penalty + lambda(hyperparameters.bias_regularization) * bias * bias;
  });
}

// What one entry adds to the loss; in implicit models beside alpha0 s^2, which the sum over all pairs holds
// already.
double EntryLoss(const Hyperparameters& hyperparameters, double value, double score) {
  if (hyperparameters.feedback == Feedback::kExplicit) return (value - score) * (value - score);
  const double confidence = hyperparameters.confidence_scale * value;
  const double missed = (1.0 - score) * (1.0 - score);
  if (hyperparameters.confidence_form == ConfidenceForm::kIals) return confidence * missed;
  const double unobserved = hyperparameters.unobserved_weight;
  return (unobserved + confidence) * missed - unobserved * score * score;
}

double LossOfEntries(const Dataset& dataset, const Hyperparameters& hyperparameters, double global_mean,
                     const FactorMatrix& users, const FactorMatrix& items, Arena& arena) {
  return SumOverRows(dataset.by_user.rows, arena, [&](uint32_t user) {
    const auto columns = dataset.by_user.RowColumns(user);
    const auto values = dataset.by_user.RowValues(user);
    const double offset = global_mean + users.biases[user];
    double sum = 0.0;
    for (size_t entry = 0; entry < columns.size(); ++entry) {
      const float product =
          kernels::Dot(users.Row(user).data(), items.Row(columns[entry]).data(), items.factors);
      sum += EntryLoss(hyperparameters, values[entry], offset + items.biases[columns[entry]] + product);
    }
    return sum;
  });
}

std::vector<double> GramianInDouble(const FactorMatrix& matrix) {
  std::vector<double> gramian(static_cast<size_t>(matrix.factors) * static_cast<size_t>(matrix.factors));
  kernels::AddGramian(matrix.values.data(), static_cast<int64_t>(matrix.rows()), matrix.factors,
                      gramian.data());
  return gramian;
}

// sum over all pairs (x_u . y_i)^2 = the inner product of the two Gramians.
double SquaredScores(const FactorMatrix& users, const FactorMatrix& items) {
  const std::vector<double> of_users = GramianInDouble(users);
  const std::vector<double> of_items = GramianInDouble(items);
  return std::inner_product(of_users.begin(), of_users.end(), of_items.begin(), 0.0);
}

}  // namespace

double Objective(const Dataset& dataset, const Hyperparameters& hyperparameters, double global_mean,
                 const FactorMatrix& users, const FactorMatrix& items, Arena& arena) {
  double sum = LossOfEntries(dataset, hyperparameters, global_mean, users, items, arena);
  if (hyperparameters.feedback == Feedback::kImplicit) {
    sum += hyperparameters.unobserved_weight * SquaredScores(users, items);
  }
  return sum + Penalty(dataset.by_user, hyperparameters, users, arena) +
         Penalty(dataset.by_item, hyperparameters, items, arena);
}

}  // namespace ridgeline
