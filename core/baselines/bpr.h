#ifndef RIDGELINE_CORE_BASELINES_BPR_H_
#define RIDGELINE_CORE_BASELINES_BPR_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/baselines/gradient_descent.h"
#include "core/dataset/dataset.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// Where the item comes from that a positive one is compared with; never one that the user has.
enum class NegativeSampling {
  kUniform,     ///< all items alike: learns to tell the popular from the rest first
  kPopularity,  ///< as often as items have entries: learns to tell popular items from each other
};

struct BprOptions {
  GradientDescentOptions descent;
  double regularization = 0.01;  ///< pull of a step on the rows that it touches; at least 0, at most 1
  NegativeSampling negatives = NegativeSampling::kUniform;
};

/// Bayesian personalized ranking of implicit feedback (Rendle et al. 2009): each observed pair is compared
/// with a drawn negative of the same user, and the logistic loss of the difference of scores is lowered.
/// Values of the entries count for nothing, items have biases. Items are grouped anew for each pass, so that
/// over the passes any two are compared. The progress reports the mean loss of the pass as the objective. The
/// same data, options and seed give the same bits at any number of threads. A new user is folded in by the
/// ridge solve of `descent.hyperparameters`, which is not a step of BPR. The errors of
/// ValidateGradientDescent and FinishModel; kInvalidArgument beginning with "regularization"; kCancelled.
absl::StatusOr<std::shared_ptr<const FactorModel>> TrainBpr(const Dataset& dataset, const BprOptions& options,
                                                            const GradientDescentRun& run);

/// "uniform" or "popularity"; and back, kInvalidArgument beginning with "negative_sampling".
absl::string_view NegativeSamplingName(NegativeSampling sampling);
absl::StatusOr<NegativeSampling> ParseNegativeSampling(absl::string_view name);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASELINES_BPR_H_
