#ifndef RIDGELINE_CORE_ALS_BIAS_INITIALIZATION_H_
#define RIDGELINE_CORE_ALS_BIAS_INITIALIZATION_H_

#include <vector>

#include "core/dataset/csr_matrix.h"

namespace ridgeline {

/// The biases of the rows of `matrix` with the other side's fixed: b_u = sum (r - mu - b_i) / (n_u +
/// lambda_b), [rows]. A row without entries gets 0. `other_biases` is [columns], `regularization` lambda_b,
/// at least 0.
std::vector<float> SolveBiases(const CsrMatrix& matrix, double global_mean,
                               const std::vector<float>& other_biases, double regularization);

/// The mean of all values, summed in double; 0 of an empty matrix.
double MeanValue(const CsrMatrix& matrix);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_ALS_BIAS_INITIALIZATION_H_
