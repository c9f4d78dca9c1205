#ifndef RIDGELINE_CORE_ALS_INITIAL_FACTORS_H_
#define RIDGELINE_CORE_ALS_INITIAL_FACTORS_H_

#include <cstdint>

#include "core/base/parallel.h"
#include "core/dataset/dataset.h"
#include "core/model/factor_model.h"
#include "core/model/hyperparameters.h"

namespace ridgeline {

/// Where training starts: the items' side, since the first half step solves the users from it. A row's
/// factors are drawn from N(0, (0.1 / sqrt K)^2) with a generator of its own, so they depend on `seed` and
/// the row alone; of non-negative models their magnitudes. Explicit models start from the biases of a few
/// closed-form rounds without factors around `global_mean`. Items take their factors and bias from
/// `warm_start` instead, which may be null and has the same K, as WarmItems finds them, unless they are below
/// 0 where that may not be.
/// Rows without entries are zero: the Gramian would count them.
FactorMatrix InitialItems(const Dataset& dataset, const Hyperparameters& hyperparameters, double global_mean,
                          uint64_t seed, const FactorModel* warm_start, Arena& arena);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_ALS_INITIAL_FACTORS_H_
