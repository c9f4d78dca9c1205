#ifndef RIDGELINE_TESTS_CORE_LAB_TUNING_FIXTURE_H_
#define RIDGELINE_TESTS_CORE_LAB_TUNING_FIXTURE_H_

#include "core/lab/tuning_report.h"

namespace ridgeline {

/// Three candidates, of which the last is the best and the second was given up after 2 iterations.
inline TuningReport SmallTuningReport(Feedback feedback) {
  TuningReport report;
  report.metric = feedback == Feedback::kExplicit ? "rmse" : "ndcg@20";
  report.lower_is_better = feedback == Feedback::kExplicit;
  const double sign = report.lower_is_better ? -1.0 : 1.0;
  report.candidates.assign(3, DefaultHyperparameters(feedback));
  report.candidates[1].factors = 32;
  report.candidates[1].regularization = 0.05;
  report.candidates[2].regularization = 2.5;
  report.result.rungs = {{{2, sign * 0.5}, {16, sign * 0.6}},
                         {{2, sign * 0.4}},
                         {{2, sign * 0.55}, {16, sign * (report.lower_is_better ? 0.5 : 0.7)}}};
  report.result.best = 2;
  report.iterations = 16;
  return report;
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_LAB_TUNING_FIXTURE_H_
