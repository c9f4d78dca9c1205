#ifndef RIDGELINE_CORE_ALS_OBJECTIVE_H_
#define RIDGELINE_CORE_ALS_OBJECTIVE_H_

#include "core/base/parallel.h"
#include "core/dataset/dataset.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// What ALS minimizes, summed in double in an order that does not depend on the threads; a half step never
/// raises it beyond rounding. With s the score and, in implicit models, c the Confidence of a value:
///   explicit:       sum over entries (r - s)^2
///   implicit, iALS: sum over entries c (1 - s)^2 + alpha0 sum over all pairs s^2
///   implicit, Hu:   sum over entries (alpha0 + c) (1 - s)^2 + alpha0 sum over all other pairs s^2
/// each plus, over the rows of both sides, lambda_row |factors|^2, and lambda_bias_row bias^2 in models
/// with biases. The sums over all pairs come from the two Gramians and, with implicit biases, RowSums.
/// Objectives of different hyperparameters do not compare. `users` and `items` have the dataset's rows;
/// `global_mean` is 0 in implicit models.
double Objective(const Dataset& dataset, const Hyperparameters& hyperparameters, double global_mean,
                 const FactorMatrix& users, const FactorMatrix& items, Arena& arena);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_ALS_OBJECTIVE_H_
