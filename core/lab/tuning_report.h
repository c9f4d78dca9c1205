#ifndef RIDGELINE_CORE_LAB_TUNING_REPORT_H_
#define RIDGELINE_CORE_LAB_TUNING_REPORT_H_

#include <ostream>
#include <string>
#include <vector>

#include "core/evaluation/successive_halving.h"
#include "core/model/hyperparameters.h"

namespace ridgeline {

/// What `ridgeline-lab tune` tried. A plain value.
struct TuningReport {
  std::string metric;            ///< "ndcg@20", "rmse", ...
  bool lower_is_better = false;  ///< then scores are negative values of the metric
  std::vector<Hyperparameters> candidates;
  HalvingResult result;  ///< of the candidates; number 0 is where the search started from
  int iterations = 0;    ///< of the last rung

  /// The metric that a score stands for.
  double Metric(double score) const { return lower_is_better ? -score : score; }
};

/// A line for each candidate, those that came furthest and then the best first.
void PrintTable(const TuningReport& report, std::ostream& out);

/// One JSON object on one line: "metric", "best" and "trials", in the order of the candidates.
void PrintJson(const TuningReport& report, std::ostream& out);

/// The best candidate as a configuration file of ridgeline-server.
std::string ConfigurationText(const TuningReport& report);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_TUNING_REPORT_H_
