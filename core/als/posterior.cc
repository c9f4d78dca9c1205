#include "core/als/posterior.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/als/factored_row.h"
#include "core/als/row_system.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

absl::Status Validate(const FactorModel& model, const History& history, const UserVector& mean,
                      double scale) {
  if (!std::isfinite(scale) || scale < 0.0) {
    return absl::InvalidArgumentError(absl::StrCat("scale: must be finite and at least 0, got ", scale));
  }
  if (static_cast<int>(mean.factors.size()) != model.factors()) {
    return absl::InvalidArgumentError(
        absl::StrCat("mean: has ", mean.factors.size(), " factors, the model has ", model.factors()));
  }
  if (history.size() == 0) return absl::InvalidArgumentError("history: must not be empty");
  if (!model.hyperparameters().non_negative) return absl::OkStatus();
  return absl::FailedPreconditionError("the posterior of a non-negative model is not normal");
}

std::vector<double> StandardNormal(int size, Random& random) {
  std::vector<double> noise(static_cast<size_t>(size));
  for (double& value : noise) value = random.Normal();
  return noise;
}

// `mean` moved by `scale` times `noise`, the bias by the last coordinate where there is one more than
// factors.
UserVector Move(const UserVector& mean, double scale, const std::vector<double>& noise) {
  UserVector moved = mean;
  for (size_t k = 0; k < mean.factors.size(); ++k) {
    moved.factors[k] = static_cast<float>(mean.factors[k] + scale * noise[k]);
  }
  if (noise.size() > mean.factors.size()) moved.bias = static_cast<float>(mean.bias + scale * noise.back());
  return moved;
}

bool IsFinite(const UserVector& user) {
  return std::isfinite(user.bias) && std::all_of(user.factors.begin(), user.factors.end(),
                                                 [](float factor) { return std::isfinite(factor); });
}

}  // namespace

absl::StatusOr<UserVector> SamplePosterior(const FactorModel& model, const History& history,
                                           const UserVector& mean, double scale, Random random) {
  RIDGELINE_RETURN_IF_ERROR(Validate(model, history, mean, scale));
  const FixedSide fixed = FixedItems(model);
  RIDGELINE_ASSIGN_OR_RETURN(const History sorted, ValidateAndSort(history, fixed));
  if (scale == 0.0) return mean;
  HalfStepWorkspace workspace;
  RIDGELINE_ASSIGN_OR_RETURN(const FactoredRow matrix, FactoredRow::Create(BuildRowSystem(
                                                           fixed, sorted.rows, sorted.values, workspace)));
  std::vector<double> noise = StandardNormal(matrix.dimension(), random);
  matrix.Color(absl::MakeSpan(noise));
  UserVector sample = Move(mean, scale, noise);
  if (!IsFinite(sample)) return absl::InternalError("the sample overflows float32");
  return sample;
}

}  // namespace ridgeline
