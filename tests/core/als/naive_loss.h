#ifndef RIDGELINE_TESTS_CORE_ALS_NAIVE_LOSS_H_
#define RIDGELINE_TESTS_CORE_ALS_NAIVE_LOSS_H_

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/dataset/dataset.h"
#include "core/model/factor_model.h"
#include "core/model/hyperparameters.h"

namespace ridgeline {

/// The loss by its definition: a double loop over all user-item pairs, nothing shared with the fast path.
/// Thread-safe.
class NaiveLoss {
 public:
  /// `matrix` [rows x other rows]: of the users, or transposed. The arguments must outlive it.
  NaiveLoss(const CsrMatrix& matrix, const Hyperparameters& hyperparameters, double global_mean,
            const FactorMatrix& rows, const FactorMatrix& others)
      : hyperparameters_(hyperparameters),
        global_mean_(global_mean),
        rows_(rows),
        others_(others),
        values_(size_t{matrix.rows} * matrix.columns, 0.0),
        counts_(matrix.rows),
        other_counts_(matrix.columns) {
    for (uint32_t row = 0; row < matrix.rows; ++row) {
      for (int64_t at = matrix.offsets[row]; at < matrix.offsets[row + 1]; ++at) {
        const uint32_t other = matrix.column_indices[static_cast<size_t>(at)];
        values_[size_t{row} * matrix.columns + other] = matrix.values[static_cast<size_t>(at)];
        counts_[row] += 1;
        other_counts_[other] += 1;
      }
    }
  }

  double Value() const {
    double sum = 0.0;
    for (uint32_t row = 0; row < counts_.size(); ++row) {
      for (uint32_t other = 0; other < other_counts_.size(); ++other) {
        const Target target = TargetOf(row, other);
        const double error = target.value - Score(row, other);
        sum += target.weight * error * error + target.zero_weight * Score(row, other) * Score(row, other);
      }
      sum += Penalty(rows_, row, counts_[row], other_counts_.size());
    }
    for (uint32_t other = 0; other < other_counts_.size(); ++other) {
      sum += Penalty(others_, other, other_counts_[other], counts_.size());
    }
    return sum;
  }

  /// The largest |derivative| of the loss by the row's factors and bias, as a share of the terms it is the
  /// sum of. Where factors may not be below 0, that of one at 0 counts only if the loss would fall as it
  /// rises (the conditions of Karush, Kuhn and Tucker).
  double RelativeGradient(uint32_t row) const {
    const size_t factors = static_cast<size_t>(rows_.factors);
    std::vector<double> gradient(factors + 1, 0.0);
    double terms = 0.0;
    const auto add = [&](size_t k, double term) {
      gradient[k] += term;
      terms = std::max(terms, std::abs(term));
    };
    for (uint32_t other = 0; other < other_counts_.size(); ++other) {
      const Target target = TargetOf(row, other);
      const double score = Score(row, other);
      const double slope = target.weight * (score - target.value) + target.zero_weight * score;
      for (size_t k = 0; k < factors; ++k) add(k, slope * others_.Row(other)[k]);
      if (HasBiases(hyperparameters_)) add(factors, slope);
    }
    const double n = counts_[row], others = static_cast<double>(other_counts_.size());
    for (size_t k = 0; k < factors; ++k) {
      add(k, Scaled(hyperparameters_.regularization, n, others) * rows_.Row(row)[k]);
    }
    if (HasBiases(hyperparameters_)) {
      add(factors, Scaled(hyperparameters_.bias_regularization, n, others) * rows_.biases[row]);
    }
    for (size_t k = 0; k < factors && hyperparameters_.non_negative; ++k) {
      if (rows_.Row(row)[k] == 0.0f) gradient[k] = std::min(gradient[k], 0.0);
    }
    double largest = 0.0;
    for (const double derivative : gradient) largest = std::max(largest, std::abs(derivative));
    return terms == 0.0 ? largest : largest / terms;
  }

 private:
  // A pair's loss: weight (value - s)^2 + zero_weight s^2.
  struct Target {
    double weight, value, zero_weight;
  };

  bool Explicit() const { return hyperparameters_.feedback == Feedback::kExplicit; }

  Target TargetOf(uint32_t row, uint32_t other) const {
    const double value = values_[row * other_counts_.size() + other];
    if (Explicit()) return {value == 0.0 ? 0.0 : 1.0, value, 0.0};
    const double unobserved = hyperparameters_.unobserved_weight;
    if (value == 0.0) return {0.0, 0.0, unobserved};
    const double confidence =
        hyperparameters_.confidence_scale * (hyperparameters_.confidence_scaling == ConfidenceScaling::kLog
                                                 ? std::log(1.0 + value / hyperparameters_.confidence_epsilon)
                                                 : value);
    if (hyperparameters_.confidence_form == ConfidenceForm::kIals) return {confidence, 1.0, unobserved};
    return {unobserved + confidence, 1.0, 0.0};
  }

  double Score(uint32_t row, uint32_t other) const {
    double score = global_mean_ + rows_.biases[row] + others_.biases[other];
    for (size_t k = 0; k < static_cast<size_t>(rows_.factors); ++k) {
      score += double{rows_.Row(row)[k]} * double{others_.Row(other)[k]};
    }
    return score;
  }

  double Scaled(double lambda, double count, double others) const {
    if (hyperparameters_.regularization_scaling == RegularizationScaling::kNone) return lambda;
    const double frequency = Explicit() ? count : count + hyperparameters_.unobserved_weight * others;
    return lambda * std::pow(frequency, hyperparameters_.frequency_exponent);
  }

  double Penalty(const FactorMatrix& matrix, uint32_t row, double count, size_t others) const {
    double squares = 0.0;
    for (const float factor : matrix.Row(row)) squares += double{factor} * double{factor};
    const double bias = matrix.biases[row];
    const double n = static_cast<double>(others);
    return Scaled(hyperparameters_.regularization, count, n) * squares +
           (HasBiases(hyperparameters_) ? Scaled(hyperparameters_.bias_regularization, count, n) * bias * bias
                                        : 0.0);
  }

  const Hyperparameters& hyperparameters_;
  const double global_mean_;
  const FactorMatrix& rows_;
  const FactorMatrix& others_;
  std::vector<double> values_;  // [rows x other rows], 0 where there is no entry
  std::vector<double> counts_;
  std::vector<double> other_counts_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_ALS_NAIVE_LOSS_H_
