#ifndef RIDGELINE_CORE_ALS_GRAMIAN_H_
#define RIDGELINE_CORE_ALS_GRAMIAN_H_

#include <vector>

#include "core/base/parallel.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// sum over rows of f f^T, [K x K] row-major in double, in parallel; the bits do not depend on the number of
/// threads.
std::vector<double> ParallelGramian(const FactorMatrix& matrix, Arena& arena);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_ALS_GRAMIAN_H_
