#ifndef RIDGELINE_CORE_ALS_ATTRIBUTE_MAPPING_H_
#define RIDGELINE_CORE_ALS_ATTRIBUTE_MAPPING_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/dataset/csr_matrix.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// The largest number of tags that are mapped: the system that is solved is of this dimension.
inline constexpr uint32_t kMaxMappedTags = 2048;

/// From an item's tags to the factors and the bias that an item with such tags has on average: what is known
/// of an item before anybody interacted with it. The linear answer to a two-tower model; Gantner et al. 2010
/// map attributes to factors alike. Immutable, thus thread-safe.
///
/// Least squares with a ridge on the tags, none on the intercept:
///   sum over items w_i |y_i - W^T (1, t_i)|^2 + lambda |W without its first row|^2,
/// w_i = n_i / (n_i + 10) of the n_i interactions of item i: factors of few interactions are mostly ridge.
/// lambda is the one of a grid that has the least leave-one-out error, which ridge regression has in closed
/// form.
class AttributeMapping {
 public:
  /// From the trained `items`, their tags [items x tags], of which only what is there counts, and their
  /// numbers of interactions [items]. With `non_negative`, as the model's hyperparameters say, no factor is
  /// predicted below 0. kInvalidArgument beginning with "tags" when the shapes disagree or there are more
  /// than kMaxMappedTags, "items" when none has an interaction.
  static absl::StatusOr<AttributeMapping> Fit(const FactorMatrix& items, const CsrMatrix& tags,
                                              const std::vector<float>& interactions,
                                              bool non_negative = false);

  /// Factors and bias of an item with `tags`, columns of the fitted matrix. Where there are no tags to fit,
  /// the average item's.
  UserVector Predict(absl::Span<const uint32_t> tags) const;

  double regularization() const { return regularization_; }

 private:
  AttributeMapping() = default;

  int factors_ = 0;
  bool non_negative_ = false;
  double regularization_ = 0.0;
  std::vector<float> weights_;  // [1 + tags x K + 1] the intercept first, the bias last
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_ALS_ATTRIBUTE_MAPPING_H_
