#include "core/lab/tuning_report.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "nlohmann/json.hpp"

namespace ridgeline {
namespace {

using nlohmann::ordered_json;

const RungScore& LastRung(const TuningReport& report, size_t candidate) {
  return report.result.rungs[candidate].back();
}

// The best first: those of later rungs before the others, then by score.
std::vector<size_t> ByRank(const TuningReport& report) {
  std::vector<size_t> order(report.candidates.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    const RungScore &of_a = LastRung(report, a), &of_b = LastRung(report, b);
    return of_a.iterations != of_b.iterations ? of_a.iterations > of_b.iterations : of_a.score > of_b.score;
  });
  return order;
}

bool IsExplicit(const TuningReport& report) {
  return report.candidates.front().feedback == Feedback::kExplicit;
}

// What is drawn beside factors and regularization.
double SecondRegularization(const Hyperparameters& candidate) {
  return candidate.feedback == Feedback::kExplicit ? candidate.bias_regularization
                                                   : candidate.unobserved_weight;
}

std::string TypeWeightsText(const Hyperparameters& hyperparameters) {
  return absl::StrJoin(hyperparameters.event_weight.type_factors, ",", absl::PairFormatter("="));
}

std::string Number(double value) {
  return absl::StrFormat("%.6g", value);
}

}  // namespace

void PrintTable(const TuningReport& report, std::ostream& out) {
  const char* const second = IsExplicit(report) ? "bias reg." : "unobserved";
  out << absl::StrFormat("%8s %14s %12s %11s %10s\n", "factors", "regularization", second, "iterations",
                         report.metric);
  for (const size_t candidate : ByRank(report)) {
    const Hyperparameters& tried = report.candidates[candidate];
    const RungScore& rung = LastRung(report, candidate);
    const char* const mark = candidate == report.result.best ? "  best" : candidate == 0 ? "  start" : "";
    out << absl::StrFormat("%8d %14.4g %12.4g %11d %10.4f%s\n", tried.factors, tried.regularization,
                           SecondRegularization(tried), rung.iterations, report.Metric(rung.score), mark);
  }
}

void PrintJson(const TuningReport& report, std::ostream& out) {
  ordered_json trials = ordered_json::array();
  for (size_t i = 0; i < report.candidates.size(); ++i) {
    const Hyperparameters& tried = report.candidates[i];
    ordered_json rungs = ordered_json::array();
    for (const RungScore& rung : report.result.rungs[i]) {
      rungs.push_back({{"iterations", rung.iterations}, {report.metric, report.Metric(rung.score)}});
    }
    trials.push_back(
        {{"factors", tried.factors},
         {"regularization", tried.regularization},
         {IsExplicit(report) ? "bias_regularization" : "unobserved_weight", SecondRegularization(tried)},
         {"rungs", rungs}});
  }
  const ordered_json json = {{"metric", report.metric}, {"best", report.result.best}, {"trials", trials}};
  out << json.dump() << "\n";
}

std::string ConfigurationText(const TuningReport& report) {
  const Hyperparameters& best = report.candidates[report.result.best];
  const auto quoted = [](absl::string_view text) { return absl::StrCat("\"", text, "\""); };
  std::vector<std::pair<std::string, std::string>> lines = {
      {"feedback", quoted(FeedbackName(best.feedback))},
      {"factors", absl::StrCat(best.factors)},
      {"iterations", absl::StrCat(report.iterations)},
      {"regularization", Number(best.regularization)},
      {"regularization-scaling", quoted(RegularizationScalingName(best.regularization_scaling))},
      {"frequency-exponent", Number(best.frequency_exponent)},
      {"bias-regularization", Number(best.bias_regularization)},
      {"non-negative", best.non_negative ? "true" : "false"}};
  if (!IsExplicit(report)) {
    lines.insert(lines.end(), {{"unobserved-weight", Number(best.unobserved_weight)},
                               {"confidence-scale", Number(best.confidence_scale)},
                               {"confidence-form", quoted(ConfidenceFormName(best.confidence_form))},
                               {"confidence-scaling", quoted(ConfidenceScalingName(best.confidence_scaling))},
                               {"confidence-epsilon", Number(best.confidence_epsilon)},
                               {"implicit-biases", best.implicit_biases ? "true" : "false"},
                               {"half-life-days", Number(best.event_weight.half_life_days)},
                               {"event-type-weights", quoted(TypeWeightsText(best))}});
  }
  std::string text =
      absl::StrFormat("# Written by ridgeline-lab tune: %s %.4f on held-out interactions.\n", report.metric,
                      report.Metric(LastRung(report, report.result.best).score));
  for (const auto& [key, value] : lines) absl::StrAppend(&text, key, " = ", value, "\n");
  return text;
}

}  // namespace ridgeline
