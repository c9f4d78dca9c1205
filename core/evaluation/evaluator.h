#ifndef RIDGELINE_CORE_EVALUATION_EVALUATOR_H_
#define RIDGELINE_CORE_EVALUATION_EVALUATOR_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/cancellation.h"
#include "core/base/parallel.h"
#include "core/dataset/dataset.h"
#include "core/dataset/interaction_table.h"
#include "core/evaluation/ranking_metrics.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// What to measure.
struct EvaluationOptions {
  bool rmse = false;  ///< root mean squared error of the test ratings
  bool mae = false;   ///< mean absolute error of the test ratings
  std::vector<RankingMetricAt> ranking;
  RecallDenominator recall_denominator = RecallDenominator::kTestItems;
};

/// Parses "rmse,recall@20,ndcg@20". kInvalidArgument beginning with "metrics".
absl::StatusOr<EvaluationOptions> ParseMetrics(absl::string_view text);

/// The held-out data. `known` and `test` are indexed by the dataset's rows; the model must have been trained
/// on a dataset with the same id maps.
struct HeldOut {
  CsrMatrix known;  ///< [users x items] what the user is known by: excluded from the ranking, and, when
                    ///< `fold_in_known`, folded in to make the user's vector (strong generalization)
  CsrMatrix test;   ///< [users x items] what should be predicted; users without entries are skipped
  bool fold_in_known = false;
};

/// What one user adds to the averages.
struct UserFigures {
  std::vector<double> ranking;  ///< [options.ranking] the user's own value; 0 for coverage
  double squared_error = 0.0;   ///< summed over the user's test ratings, with options.rmse or .mae
  double absolute_error = 0.0;  ///< likewise
};

/// The figures of each user with test entries, in the order of their rows, as Evaluate averages them: what
/// tells whether two models differ by more than chance. The same errors; kCancelled, within a block of users,
/// when `cancellation` asks for it.
absl::StatusOr<std::vector<UserFigures>> EvaluateEachUser(const FactorModel& model, const HeldOut& held_out,
                                                          const EvaluationOptions& options, Arena& arena,
                                                          const CancellationToken& cancellation);

/// Each metric under its name: "rmse", "mae", "ndcg@20", ... averaged over users (rating errors: over
/// ratings). Ranking is exact over all items, ties by row. Repeats at any number of threads. kInvalidArgument
/// when the shapes disagree or there is nothing to test.
absl::StatusOr<std::map<std::string, double>> Evaluate(const FactorModel& model, const HeldOut& held_out,
                                                       const EvaluationOptions& options, Arena& arena);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_EVALUATION_EVALUATOR_H_
