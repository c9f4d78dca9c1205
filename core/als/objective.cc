#include "core/als/objective.h"

#include <cstdint>
#include <functional>
#include <numeric>
#include <vector>

#include "core/als/confidence.h"
#include "core/als/gramian.h"
#include "core/als/row_system.h"
#include "core/base/thread_priority.h"
#include "core/kernels/kernels.h"
#include "core/model/row_sums.h"

namespace ridgeline {
namespace {

constexpr int64_t kLossBlockRows = 256;

// The sum of `term` over the rows: a sum a block, the blocks in order.
double SumOverRows(uint32_t rows, Arena& arena, const std::function<double(uint32_t row)>& term) {
  std::vector<double> blocks((size_t{rows} + kLossBlockRows - 1) / kLossBlockRows, 0.0);
  arena.ParallelFor(rows, kLossBlockRows, [&](int64_t begin, int64_t end) {
    double& sum = blocks[static_cast<size_t>(begin / kLossBlockRows)];
    for (int64_t row = begin; row < end; ++row) {
      sum += term(static_cast<uint32_t>(row));
      GiveWay();
    }
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
    if (!HasBiases(hyperparameters)) return penalty;
    const double bias = solved.biases[row];
    return penalty + lambda(hyperparameters.bias_regularization) * bias * bias;
  });
}

// What one entry adds to the loss; in implicit models beside alpha0 s^2, which the sum over all pairs holds
// already.
double EntryLoss(const Hyperparameters& hyperparameters, double value, double score) {
  if (hyperparameters.feedback == Feedback::kExplicit) return (value - score) * (value - score);
  const double confidence = Confidence(hyperparameters, value);
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

// sum over all pairs (x_u . y_i)^2 = the inner product of the two Gramians.
double SquaredScores(const FactorMatrix& users, const FactorMatrix& items, Arena& arena) {
  const std::vector<double> of_users = ParallelGramian(users, arena);
  const std::vector<double> of_items = ParallelGramian(items, arena);
  return std::inner_product(of_users.begin(), of_users.end(), of_items.begin(), 0.0);
}

double Dot(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

// What biases add to that: sum over all pairs (x_u . y_i + b_u + b_i)^2 - (x_u . y_i)^2.
double BiasesInSquaredScores(const FactorMatrix& users, const FactorMatrix& items) {
  const RowSums u = SumRows(users);
  const RowSums i = SumRows(items);
  return 2.0 * (Dot(u.biased_factors, i.factors) + Dot(u.factors, i.biased_factors) + u.biases * i.biases) +
         i.rows * u.squared_biases + u.rows * i.squared_biases;
}

}  // namespace

double Objective(const Dataset& dataset, const Hyperparameters& hyperparameters, double global_mean,
                 const FactorMatrix& users, const FactorMatrix& items, Arena& arena) {
  double sum = LossOfEntries(dataset, hyperparameters, global_mean, users, items, arena);
  if (hyperparameters.feedback == Feedback::kImplicit) {
    sum += hyperparameters.unobserved_weight * SquaredScores(users, items, arena);
  }
  if (hyperparameters.implicit_biases) {
    sum += hyperparameters.unobserved_weight * BiasesInSquaredScores(users, items);
  }
  return sum + Penalty(dataset.by_user, hyperparameters, users, arena) +
         Penalty(dataset.by_item, hyperparameters, items, arena);
}

}  // namespace ridgeline
