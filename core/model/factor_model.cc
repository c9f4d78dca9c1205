#include "core/model/factor_model.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/kernels/kernels.h"
#include "core/model/row_sums.h"

namespace ridgeline {
namespace {

bool AllFinite(absl::Span<const float> values) {
  return std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
}

absl::Status ValidateSide(absl::string_view name, const FactorMatrix& matrix, int factors,
                          const std::shared_ptr<const IdMap>& ids) {
  if (ids == nullptr) return absl::InvalidArgumentError(absl::StrCat(name, ": there are no ids"));
  if (matrix.factors != factors) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": has ", matrix.factors, " factors, the hyperparameters say ", factors));
  }
  if (matrix.rows() != ids->size()) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": has ", matrix.rows(), " biases for ", ids->size(), " ids"));
  }
  if (matrix.values.size() != matrix.rows() * static_cast<size_t>(factors)) {
    return absl::InvalidArgumentError(absl::StrCat(name, ": has ", matrix.values.size(), " values for ",
                                                   matrix.rows(), " rows of ", factors, " factors"));
  }
  if (!AllFinite(matrix.values) || !AllFinite(matrix.biases)) {
    return absl::InvalidArgumentError(absl::StrCat(name, ": a number is not finite"));
  }
  return absl::OkStatus();
}

absl::Status ValidatePopularity(const std::vector<float>& popularity, size_t items) {
  if (popularity.size() != items) {
    return absl::InvalidArgumentError(
        absl::StrCat("item_popularity: has ", popularity.size(), " numbers for ", items, " items"));
  }
  if (!std::all_of(popularity.begin(), popularity.end(),
                   [](float value) { return std::isfinite(value) && value >= 0.0f; })) {
    return absl::InvalidArgumentError("item_popularity: a number is negative or not finite");
  }
  return absl::OkStatus();
}

absl::Status ValidateParts(const FactorModelParts& parts) {
  RIDGELINE_RETURN_IF_ERROR(ValidateHyperparameters(parts.hyperparameters));
  if (!std::isfinite(parts.global_mean)) {
    return absl::InvalidArgumentError("global_mean: must be a finite number");
  }
  const int factors = parts.hyperparameters.factors;
  RIDGELINE_RETURN_IF_ERROR(ValidateSide("users", parts.users, factors, parts.user_ids));
  RIDGELINE_RETURN_IF_ERROR(ValidateSide("items", parts.items, factors, parts.item_ids));
  if (parts.placed_items > parts.items.rows()) {
    return absl::InvalidArgumentError(
        absl::StrCat("placed_items: are ", parts.placed_items, " of only ", parts.items.rows(), " items"));
  }
  return ValidatePopularity(parts.item_popularity, parts.items.rows());
}

// Of the first `rows` rows.
std::vector<double> GramianInDouble(const FactorMatrix& matrix, size_t rows) {
  const size_t factors = static_cast<size_t>(matrix.factors);
  std::vector<double> sums(factors * factors, 0.0);
  if (factors == 0) return sums;
  kernels::AddGramian(matrix.values.data(), static_cast<int64_t>(rows), matrix.factors, sums.data());
  return sums;
}

std::vector<float> ToFloat(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

std::vector<float> SideGramian(const FactorModelParts& parts, const FactorMatrix& side, size_t rows) {
  if (!parts.hyperparameters.implicit_biases) return ToFloat(GramianInDouble(side, rows));
  return ExtendedGramian(GramianInDouble(side, rows), SumRows(side, rows));
}

std::vector<float> SideBiasMoment(const FactorModelParts& parts, const FactorMatrix& side, size_t rows) {
  if (!parts.hyperparameters.implicit_biases) return {};
  return BiasMoment(SumRows(side, rows));
}

size_t TrainedItems(const FactorModelParts& parts) {
  return parts.items.rows() - parts.placed_items;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const FactorModel>> FactorModel::Create(FactorModelParts parts) {
  RIDGELINE_RETURN_IF_ERROR(ValidateParts(parts));
  std::shared_ptr<const FactorModel> model(new FactorModel(std::move(parts)));
  RIDGELINE_RETURN_IF_ERROR(model->ValidateSums());
  return model;
}

absl::Status FactorModel::ValidateSums() const {
  // Finite factors can still have an infinite Gramian, and no fold-in could be solved with one.
  if (!AllFinite(user_gramian_) || !AllFinite(user_bias_moment_)) {
    return absl::InvalidArgumentError("users: the factors are too large");
  }
  if (!AllFinite(item_gramian_) || !AllFinite(item_bias_moment_)) {
    return absl::InvalidArgumentError("items: the factors are too large");
  }
  return absl::OkStatus();
}

FactorModel::FactorModel(FactorModelParts parts)
    : parts_(std::move(parts)),
      item_gramian_(SideGramian(parts_, parts_.items, TrainedItems(parts_))),
      user_gramian_(SideGramian(parts_, parts_.users, parts_.users.rows())),
      item_bias_moment_(SideBiasMoment(parts_, parts_.items, TrainedItems(parts_))),
      user_bias_moment_(SideBiasMoment(parts_, parts_.users, parts_.users.rows())) {}

UserVector FactorModel::User(uint32_t row) const {
  const absl::Span<const float> factors = parts_.users.Row(row);
  return {std::vector<float>(factors.begin(), factors.end()), parts_.users.biases[row]};
}

float FactorModel::Score(const UserVector& user, uint32_t item_row) const {
  const float product =
      kernels::Dot(parts_.items.Row(item_row).data(), user.factors.data(), parts_.items.factors);
  return product + parts_.items.biases[item_row] + (static_cast<float>(parts_.global_mean) + user.bias);
}

std::vector<float> Gramian(const FactorMatrix& matrix) {
  return ToFloat(GramianInDouble(matrix, matrix.rows()));
}

}  // namespace ridgeline
