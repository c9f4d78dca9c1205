#ifndef RIDGELINE_TESTS_CORE_ALS_OTHER_SIDE_H_
#define RIDGELINE_TESTS_CORE_ALS_OTHER_SIDE_H_

#include <vector>

#include "core/als/row_system.h"
#include "core/model/factor_model.h"
#include "core/model/row_sums.h"

namespace ridgeline {

/// A fixed side with the sums over its rows that the hyperparameters call for. The arguments must outlive it.
class OtherSide {
 public:
  OtherSide(const Hyperparameters& hyperparameters, const FactorMatrix& other, double global_mean)
      : hyperparameters_(hyperparameters),
        other_(other),
        global_mean_(global_mean),
        gramian_(Gramian(other)) {
    if (!hyperparameters.implicit_biases) return;
    const RowSums sums = SumRows(other);
    gramian_ = ExtendedGramian({gramian_.begin(), gramian_.end()}, sums);
    bias_moment_ = BiasMoment(sums);
  }

  FixedSide Fixed() const {
    return {.hyperparameters = &hyperparameters_,
            .other = &other_,
            .gramian = &gramian_,
            .global_mean = global_mean_,
            .bias_moment = &bias_moment_};
  }

 private:
  const Hyperparameters& hyperparameters_;
  const FactorMatrix& other_;
  const double global_mean_;
  std::vector<float> gramian_;
  std::vector<float> bias_moment_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_ALS_OTHER_SIDE_H_
