#ifndef RIDGELINE_CORE_MODEL_FACTOR_MODEL_H_
#define RIDGELINE_CORE_MODEL_FACTOR_MODEL_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/base/page_memory.h"
#include "core/dataset/id_map.h"
#include "core/model/hyperparameters.h"

namespace ridgeline {

/// One side's trained rows: factors and biases. A plain value.
struct FactorMatrix {
  int factors = 0;            ///< K
  PageVector<float> values;   ///< [rows x K], row-major
  std::vector<float> biases;  ///< [rows]; all 0 where the model has none

  size_t rows() const { return biases.size(); }
  absl::Span<const float> Row(uint32_t row) const {
    return absl::MakeConstSpan(values).subspan(size_t{row} * factors, factors);
  }
};

/// A vector that scores items: a trained user's row, a folded-in user, or one that a caller brings.
struct UserVector {
  std::vector<float> factors;  ///< [K]
  float bias = 0.0f;
};

/// What a model is made of; becomes immutable inside FactorModel.
struct FactorModelParts {
  Hyperparameters hyperparameters;
  double global_mean = 0.0;  ///< mu; 0 in implicit models
  std::shared_ptr<const IdMap> user_ids;
  std::shared_ptr<const IdMap> item_ids;
  FactorMatrix users;
  FactorMatrix items;

  /// The last so many items were not trained on: they were placed in the trained model afterwards, e.g. by
  /// their tags. They can be answered and folded in with, but are in no sum over all items: what nobody could
  /// meet tells nothing by not having been met.
  uint32_t placed_items = 0;

  std::vector<float>
      item_popularity;  ///< [items] training interactions (explicit) or summed weights (implicit)
};

/// Trained factors and biases with their ids. Immutable, thus thread-safe.
/// Score: s(u, i) = mu + b_u + b_i + x_u . y_i.
class FactorModel {
 public:
  /// Takes `parts`. kInvalidArgument naming the part when shapes disagree, a number is not finite or the
  /// hyperparameters are not valid.
  static absl::StatusOr<std::shared_ptr<const FactorModel>> Create(FactorModelParts parts);

  const Hyperparameters& hyperparameters() const { return parts_.hyperparameters; }
  int factors() const { return parts_.items.factors; }
  double global_mean() const { return parts_.global_mean; }
  const IdMap& user_ids() const { return *parts_.user_ids; }
  const IdMap& item_ids() const { return *parts_.item_ids; }
  const FactorMatrix& users() const { return parts_.users; }
  const FactorMatrix& items() const { return parts_.items; }
  uint32_t placed_items() const { return parts_.placed_items; }
  const std::vector<float>& item_popularity() const { return parts_.item_popularity; }
  const FactorModelParts& parts() const { return parts_; }

  /// sum over items of y y^T, but the placed ones, [K x K] row-major: the shared term of every implicit
  /// fold-in of a user. With implicit biases of (y, 1) instead, [K + 1 x K + 1], see ExtendedGramian.
  const std::vector<float>& item_gramian() const { return item_gramian_; }

  /// The same over all users, for fold-in of items.
  const std::vector<float>& user_gramian() const { return user_gramian_; }

  /// BiasMoment of the same items, [K + 1], with implicit biases; else empty.
  const std::vector<float>& item_bias_moment() const { return item_bias_moment_; }

  /// The same of the users.
  const std::vector<float>& user_bias_moment() const { return user_bias_moment_; }

  /// The vector of the user at `row` < users().rows().
  UserVector User(uint32_t row) const;

  /// s(u, i) of a user vector [K] and the item at `item_row`.
  float Score(const UserVector& user, uint32_t item_row) const;

 private:
  explicit FactorModel(FactorModelParts parts);

  // Whether every sum over rows is finite.
  absl::Status ValidateSums() const;

  FactorModelParts parts_;
  std::vector<float> item_gramian_;
  std::vector<float> user_gramian_;
  std::vector<float> item_bias_moment_;
  std::vector<float> user_bias_moment_;
};

/// sum over rows of f f^T in float32 from double sums, [K x K] row-major.
std::vector<float> Gramian(const FactorMatrix& matrix);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_MODEL_FACTOR_MODEL_H_
