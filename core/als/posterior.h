#ifndef RIDGELINE_CORE_ALS_POSTERIOR_H_
#define RIDGELINE_CORE_ALS_POSTERIOR_H_

#include "absl/status/statusor.h"
#include "core/als/history.h"
#include "core/base/random.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// A draw of the user whose full history is `history` from what the history leaves open, for exploration by
/// Thompson sampling (Thompson 1933; with linear scores Agrawal and Goyal 2013). Read as Bayesian
/// regression, the half step's ridge system M w = r minimizes sum_j c_j (t_j / c_j - h_j . w)^2 + ..., twice
/// sigma^2 times the negative log posterior of w when an observation of weight 1 has variance sigma^2: a
/// normal distribution around the solution with covariance sigma^2 M^-1. Drawn as
///   mean + scale L^-T z,  M = L L^T, z standard normal from `random`,
/// `scale` being sigma, in units of the score, and `mean` [K] the user as folded in or trained; the bias,
/// where the model has biases, is drawn with the factors. A scale of 0 returns `mean` to the bit.
///
/// Thread-safe. kInvalidArgument beginning with "history" as FoldInUser and when it is empty, with "scale"
/// when that is negative or not finite, with "mean" when it has not K factors; kFailedPrecondition for a
/// model of factors kept at 0 or above, whose posterior is not normal; kInternal when numbers overflow.
absl::StatusOr<UserVector> SamplePosterior(const FactorModel& model, const History& history,
                                           const UserVector& mean, double scale, Random random);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_ALS_POSTERIOR_H_
