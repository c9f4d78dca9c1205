#ifndef RIDGELINE_CORE_LAB_EVALUATION_REPORT_H_
#define RIDGELINE_CORE_LAB_EVALUATION_REPORT_H_

#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "core/lab/training_flags.h"
#include "core/lab/training_result.h"

namespace ridgeline {

/// What `ridgeline-lab evaluate` found. A plain value.
struct EvaluationReport {
  TrainingOptions options;
  int64_t users = 0;         ///< with a training interaction
  int64_t items = 0;         ///< with a training interaction
  int64_t interactions = 0;  ///< distinct pairs trained on
  int64_t test_users = 0;
  int64_t test_interactions = 0;
  std::map<std::string, double> metrics;
  std::map<std::string, std::map<std::string, double>> baselines;  ///< by algorithm, metric
  TrainingResult training;
  double evaluate_seconds = 0.0;
  int64_t peak_rss_bytes = 0;
};

/// One JSON object on one line: each metric under its name, "baselines", "epoch_seconds", "objective",
/// "train_seconds", "peak_rss_bytes", "users", "items", "interactions" and what else is known of the run.
void PrintJson(const EvaluationReport& report, std::ostream& out);

/// A table for people.
void PrintTable(const EvaluationReport& report, std::ostream& out);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_EVALUATION_REPORT_H_
