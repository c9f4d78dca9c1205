#include "core/lab/evaluation_report.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/kernels/kernels.h"
#include "nlohmann/json.hpp"

namespace ridgeline {
namespace {

using Metrics = std::map<std::string, double>;
using nlohmann::ordered_json;

std::string Name(Algorithm algorithm) {
  return std::string(AlgorithmName(algorithm));
}

void PrintCell(const Metrics& metrics, const std::string& name, std::ostream& out) {
  const auto found = metrics.find(name);
  out << (found == metrics.end() ? absl::StrFormat(" %11s", "-") : absl::StrFormat(" %11.4f", found->second));
}

// Every metric's name but what is a parameter of a baseline.
std::vector<std::string> MetricNames(const EvaluationReport& report) {
  std::vector<std::string> names;
  for (const auto& [name, value] : report.metrics) names.push_back(name);
  return names;
}

std::string ParameterText(const Metrics& baseline) {
  const auto found = baseline.find("regularization");
  return found == baseline.end()
             ? ""
             : absl::StrCat(" (bias at its best regularization of the test set, ", found->second, ")");
}

}  // namespace

void PrintJson(const EvaluationReport& report, std::ostream& out) {
  const Hyperparameters& h = report.options.als.hyperparameters;
  ordered_json json;
  json["algorithm"] = Name(report.options.algorithm);
  json["feedback"] = std::string(FeedbackName(h.feedback));
  for (const auto& [name, value] : report.metrics) json[name] = value;
  json["baselines"] = report.baselines;
  json["users"] = report.users;
  json["items"] = report.items;
  json["interactions"] = report.interactions;
  json["test_users"] = report.test_users;
  json["test_interactions"] = report.test_interactions;
  json["factors"] = report.training.model->factors();
  json["seed"] = report.options.als.seed;
  json["epoch_seconds"] = report.training.epoch_seconds;
  json["train_seconds"] = report.training.train_seconds;
  json["evaluate_seconds"] = report.evaluate_seconds;
  json["objective"] = report.training.objective;
  json["peak_rss_bytes"] = report.peak_rss_bytes;
  json["instruction_set"] = kernels::InstructionSet();
  out << json.dump() << "\n";
}

void PrintTable(const EvaluationReport& report, std::ostream& out) {
  out << absl::StrFormat("%d users, %d items, %d interactions; tested on %d interactions of %d users\n\n",
                         report.users, report.items, report.interactions, report.test_interactions,
                         report.test_users);
  out << absl::StrFormat("%-14s %11s", "", Name(report.options.algorithm));
  for (const auto& [name, metrics] : report.baselines) out << absl::StrFormat(" %11s", name);
  out << "\n";
  for (const std::string& metric : MetricNames(report)) {
    out << absl::StrFormat("%-14s", metric);
    PrintCell(report.metrics, metric, out);
    for (const auto& [name, metrics] : report.baselines) PrintCell(metrics, metric, out);
    out << "\n";
  }
  out << absl::StrFormat("\ntrained in %.2f s", report.training.train_seconds);
  if (!report.training.objective.empty()) {
    out << absl::StrFormat(", %d iterations, objective %g", report.training.objective.size(),
                           report.training.objective.back());
  }
  out << absl::StrFormat(", peak memory %.0f MiB", static_cast<double>(report.peak_rss_bytes) / (1 << 20));
  for (const auto& [name, metrics] : report.baselines) out << ParameterText(metrics);
  out << "\n";
}

}  // namespace ridgeline
