#include "core/als/attribute_mapping.h"

#include <Eigen/Dense>
#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr double kHalfTrusted = 10.0;  // interactions at which an item's factors count half
constexpr double kGrid[] = {0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0};

// Rows of the regression's left side that are 1: the intercept and the item's tags.
std::vector<Eigen::Index> OnesOf(absl::Span<const uint32_t> tags) {
  std::vector<Eigen::Index> ones = {0};
  for (const uint32_t tag : tags) ones.push_back(static_cast<Eigen::Index>(tag) + 1);
  return ones;
}

// The regression's sums over items.
class Regression {
 public:
  Regression(const FactorMatrix& items, const CsrMatrix& tags, const std::vector<float>& interactions)
      : items_(items), tags_(tags), dimension_(static_cast<Eigen::Index>(tags.columns) + 1) {
    left_ = Matrix::Zero(dimension_, dimension_);
    right_ = Matrix::Zero(dimension_, items.factors + 1);
    for (uint32_t item = 0; item < tags.rows; ++item) {
      const double count = interactions[item];
      weights_.push_back(count / (count + kHalfTrusted));
      if (count > 0.0) Add(item);
    }
  }

  // W and the leave-one-out error at `regularization`.
  std::pair<Matrix, double> Solve(double regularization) const {
    Matrix penalized = left_;
    for (Eigen::Index at = 1; at < dimension_; ++at) penalized(at, at) += regularization;
    const Matrix inverse = penalized.llt().solve(Matrix::Identity(dimension_, dimension_));
    Matrix solution = inverse * right_;
    double error = 0.0;
    for (uint32_t item = 0; item < tags_.rows; ++item) {
      if (weights_[item] > 0.0) error += LeftOutError(item, inverse, solution);
    }
    return {std::move(solution), error};
  }

 private:
  Eigen::RowVectorXd Target(uint32_t item) const {
    Eigen::RowVectorXd target(items_.factors + 1);
    const absl::Span<const float> row = items_.Row(item);
    for (int k = 0; k < items_.factors; ++k) target(k) = row[static_cast<size_t>(k)];
    target(items_.factors) = items_.biases[item];
    return target;
  }

  void Add(uint32_t item) {
    const std::vector<Eigen::Index> ones = OnesOf(tags_.RowColumns(item));
    const Eigen::RowVectorXd target = weights_[item] * Target(item);
    for (const Eigen::Index i : ones) {
      right_.row(i) += target;
      for (const Eigen::Index j : ones) left_(i, j) += weights_[item];
    }
  }

  // The weighted squared error of `item` by the regression on all others: its residual over 1 - leverage.
  double LeftOutError(uint32_t item, const Matrix& inverse, const Matrix& solution) const {
    const std::vector<Eigen::Index> ones = OnesOf(tags_.RowColumns(item));
    Eigen::RowVectorXd residual = Target(item);
    double leverage = 0.0;
    for (const Eigen::Index i : ones) {
      residual -= solution.row(i);
      for (const Eigen::Index j : ones) leverage += weights_[item] * inverse(i, j);
    }
    const double left = std::max(1.0 - leverage, 1e-9);
    return weights_[item] * residual.squaredNorm() / (left * left);
  }

  const FactorMatrix& items_;
  const CsrMatrix& tags_;
  const Eigen::Index dimension_;
  std::vector<double> weights_;  // [items]
  Matrix left_;                  // [1 + tags x 1 + tags]
  Matrix right_;                 // [1 + tags x K + 1]
};

absl::Status Validate(const FactorMatrix& items, const CsrMatrix& tags,
                      const std::vector<float>& interactions) {
  if (tags.rows != items.rows() || interactions.size() != items.rows()) {
    return absl::InvalidArgumentError(absl::StrCat("tags: are of ", tags.rows, " items, factors of ",
                                                   items.rows(), " and numbers of interactions of ",
                                                   interactions.size()));
  }
  if (tags.columns > kMaxMappedTags) {
    return absl::InvalidArgumentError(
        absl::StrCat("tags: there are ", tags.columns, " of them, at most ", kMaxMappedTags, " are mapped"));
  }
  for (const float count : interactions) {
    if (count > 0.0f) return absl::OkStatus();
  }
  return absl::InvalidArgumentError("items: none has an interaction to learn from");
}

}  // namespace

absl::StatusOr<AttributeMapping> AttributeMapping::Fit(const FactorMatrix& items, const CsrMatrix& tags,
                                                       const std::vector<float>& interactions,
                                                       bool non_negative) {
  RIDGELINE_RETURN_IF_ERROR(Validate(items, tags, interactions));
  const Regression regression(items, tags, interactions);
  AttributeMapping mapping;
  mapping.factors_ = items.factors;
  mapping.non_negative_ = non_negative;
  double least = std::numeric_limits<double>::infinity();
  for (const double regularization : kGrid) {
    const auto [solution, error] = regression.Solve(regularization);
    if (!(error < least)) continue;
    least = error;
    mapping.regularization_ = regularization;
    mapping.weights_.assign(solution.data(), solution.data() + solution.size());
  }
  if (mapping.weights_.empty()) return absl::InvalidArgumentError("items: their factors are not finite");
  return mapping;
}

UserVector AttributeMapping::Predict(absl::Span<const uint32_t> tags) const {
  UserVector predicted;
  predicted.factors.assign(static_cast<size_t>(factors_), 0.0f);
  const auto add = [&](size_t row) {
    const float* const weights = weights_.data() + row * (static_cast<size_t>(factors_) + 1);
    for (int k = 0; k < factors_; ++k) predicted.factors[static_cast<size_t>(k)] += weights[k];
    predicted.bias += weights[factors_];
  };
  add(0);
  for (const uint32_t tag : tags) add(size_t{tag} + 1);
  if (!non_negative_) return predicted;
  for (float& factor : predicted.factors) factor = std::max(factor, 0.0f);
  return predicted;
}

}  // namespace ridgeline
