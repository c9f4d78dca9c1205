#ifndef RIDGELINE_CORE_BASELINES_SGD_H_
#define RIDGELINE_CORE_BASELINES_SGD_H_

#include <memory>

#include "absl/status/statusor.h"
#include "core/baselines/gradient_descent.h"
#include "core/dataset/dataset.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// Matrix factorization with biases of explicit ratings by stochastic gradient descent (Koren, Bell, Volinsky
/// 2009). It lowers the very objective of explicit ALS: lambda n^nu |x|^2 of a row is shared among its n
/// entries. So fold-in of a new user is right for it too. The same data, options and seed give the same bits
/// at any number of threads. The errors of ValidateGradientDescent and FinishModel; kCancelled.
absl::StatusOr<std::shared_ptr<const FactorModel>> TrainSgd(const Dataset& dataset,
                                                            const GradientDescentOptions& options,
                                                            const GradientDescentRun& run);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASELINES_SGD_H_
