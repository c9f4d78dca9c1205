#include "core/training/validation_gate.h"

#include <cmath>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/types/optional.h"

namespace ridgeline {
namespace {

// What must be left of the advantage over the baseline that the live model was found to have.
constexpr double kAdvantageLeft = 0.5;

// How far a figure may fall below, or an error rise above, what was found of the live model: windows differ.
constexpr double kFigureLeft = 0.25;
constexpr double kErrorGrowth = 1.5;

constexpr char kNothingHeldOut[] = "not measured: no interactions were held out";

constexpr char kUsersMetric[] = "validation_users";

// What was found when the live model was trained, if that was on enough users to tell. Models of releases
// that did not keep how many there were have nothing to tell.
absl::optional<double> MetricOf(const LiveModel& live, absl::string_view of, absl::string_view metric) {
  if (live.info == nullptr) return absl::nullopt;
  const std::map<std::string, double>& metrics = live.info->metrics;
  const auto users = metrics.find(kUsersMetric);
  if (users == metrics.end() || users->second < static_cast<double>(kFewestPairedUsers)) return absl::nullopt;
  const auto found = metrics.find(absl::StrCat(of, "_", metric));
  if (found == metrics.end()) return absl::nullopt;
  return found->second;
}

// How much better than its baseline the live model was found to be; 0 when that is not known.
double AdvantageOfLive(const LiveModel& live, const ModelValidation& validation) {
  const auto model = MetricOf(live, "validation", validation.measure.metric);
  const auto baseline = MetricOf(live, validation.measure.baseline, validation.measure.metric);
  if (!model.has_value() || !baseline.has_value()) return 0.0;
  return validation.beside_baseline.are_errors ? *baseline - *model : *model - *baseline;
}

bool LostItsAdvantage(const ModelValidation& validation, const LiveModel& live) {
  if (validation.beside_baseline.users() < kFewestPairedUsers) return false;
  const double before = AdvantageOfLive(live, validation);
  return before > 0.0 && MostAdvantage(validation.beside_baseline) < kAdvantageLeft * before;
}

bool Collapsed(const ModelValidation& validation, const LiveModel& live) {
  const PairedFigures& figures = validation.beside_baseline;
  const auto before = MetricOf(live, "validation", validation.measure.metric);
  if (figures.users() < kFewestPairedUsers || !before.has_value()) return false;
  return figures.are_errors ? BestFigure(figures) > kErrorGrowth * *before
                            : BestFigure(figures) < kFigureLeft * *before;
}

std::string Against(const GateVerdict& verdict, double figure, absl::string_view name, double other,
                    int64_t users) {
  return absl::StrFormat("%s %.4g against %.4g of %s on %d users", verdict.metric, figure, other, name,
                         users);
}

std::string AgainstLive(const GateVerdict& verdict) {
  return Against(verdict, verdict.model_beside_live_figure, verdict.live_version, verdict.live_figure,
                 verdict.live_users);
}

std::string AgainstBaseline(const GateVerdict& verdict) {
  return Against(verdict, verdict.model_figure, verdict.baseline, verdict.baseline_figure, verdict.users);
}

// What is wrong with the model, "" when nothing is.
std::string Objection(const ModelValidation& validation, const LiveModel& live, double tolerance,
                      const GateVerdict& verdict) {
  if (!std::isfinite(verdict.model_figure) || !std::isfinite(verdict.model_beside_live_figure) ||
      !std::isfinite(ModelFigure(validation.beside_measured))) {
    return absl::StrCat(verdict.metric, " is not a finite number");
  }
  if (IsSurelyWorse(validation.beside_live, tolerance)) {
    return absl::StrCat("worse than the live model: ", AgainstLive(verdict));
  }
  if (IsSurelyWorse(validation.beside_baseline, tolerance)) {
    return absl::StrCat("worse than the baseline: ", AgainstBaseline(verdict));
  }
  if (LostItsAdvantage(validation, live)) {
    return absl::StrFormat("no better than the baseline, as %s was by %.4g: %s", verdict.live_version,
                           AdvantageOfLive(live, validation), AgainstBaseline(verdict));
  }
  if (Collapsed(validation, live)) {
    return absl::StrFormat("far from what %s was when it was trained, %s %.4g: %s", verdict.live_version,
                           verdict.metric, MetricOf(live, "validation", verdict.metric).value_or(0.0),
                           AgainstBaseline(verdict));
  }
  if (IsSurelyWorse(validation.beside_measured, tolerance)) {
    return absl::StrCat("worse for the newest interactions: ",
                        Against(verdict, ModelFigure(validation.beside_measured), "before it learned them",
                                OtherFigure(validation.beside_measured), verdict.users));
  }
  if (!validation.flood.item_id.empty()) {
    return absl::StrFormat(
        "item \"%s\" floods the data: it has %.2g of all evidence, %.2g when %s was trained",
        validation.flood.item_id, validation.flood.share, validation.flood.live_share, verdict.live_version);
  }
  return "";
}

// What could not be told of a model that passes.
std::string Reservation(const ModelValidation& validation, const GateVerdict& verdict) {
  if (verdict.users < kFewestPairedUsers) {
    return absl::StrCat("too few held-out users to tell: ", verdict.users, " of at least ",
                        kFewestPairedUsers);
  }
  if (verdict.live_version.empty()) return "";
  if (!validation.not_compared.empty()) {
    return absl::StrCat("not compared with the live model: ", validation.not_compared);
  }
  if (verdict.live_users >= kFewestPairedUsers) return "";
  return absl::StrCat("not compared with the live model: ", verdict.live_users, " of at least ",
                      kFewestPairedUsers, " users have held-out interactions that are new to it");
}

}  // namespace

GateVerdict JudgeModel(const ModelValidation& validation, const LiveModel& live, double tolerance) {
  GateVerdict verdict;
  verdict.metric = validation.measure.metric;
  verdict.baseline = validation.measure.baseline;
  verdict.users = validation.beside_baseline.users();
  verdict.model_figure = ModelFigure(validation.beside_baseline);
  verdict.baseline_figure = OtherFigure(validation.beside_baseline);
  if (live.info != nullptr) verdict.live_version = live.info->version;
  verdict.live_users = validation.beside_live.users();
  verdict.live_figure = OtherFigure(validation.beside_live);
  verdict.model_beside_live_figure = ModelFigure(validation.beside_live);
  verdict.reason = Objection(validation, live, tolerance, verdict);
  verdict.held_back = !verdict.reason.empty();
  if (!verdict.held_back) verdict.reason = Reservation(validation, verdict);
  return verdict;
}

GateVerdict NotMeasured(const LiveModel& live) {
  GateVerdict verdict;
  if (live.info != nullptr) verdict.live_version = live.info->version;
  verdict.reason = kNothingHeldOut;
  return verdict;
}

void AddMetrics(const GateVerdict& verdict, ModelInfo* info) {
  const auto add = [&](absl::string_view of, double figure) {
    if (std::isfinite(figure)) info->metrics[absl::StrCat(of, "_", verdict.metric)] = figure;
  };
  if (verdict.users > 0) {
    info->metrics[kUsersMetric] = static_cast<double>(verdict.users);
    add("validation", verdict.model_figure);
    add(verdict.baseline, verdict.baseline_figure);
  }
  if (verdict.live_users > 0) {
    add("live", verdict.live_figure);
    add("beside_live", verdict.model_beside_live_figure);
  }
}

}  // namespace ridgeline
