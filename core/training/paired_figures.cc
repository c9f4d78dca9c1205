#include "core/training/paired_figures.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace ridgeline {
namespace {

constexpr double kStandardErrors = 2.0;

double Sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

double Figure(const PairedFigures& figures, const std::vector<double>& values) {
  if (values.empty()) return 0.0;
  if (figures.are_errors) return std::sqrt(Sum(values) / static_cast<double>(figures.ratings));
  return Sum(values) / static_cast<double>(values.size());
}

struct Mean {
  double value = 0.0;
  double standard_error = 0.0;
};

Mean MeanOf(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  Mean mean;
  mean.value = Sum(values) / count;
  double squares = 0.0;
  for (const double value : values) squares += (value - mean.value) * (value - mean.value);
  mean.standard_error = std::sqrt(squares / std::max(count - 1.0, 1.0) / count);
  return mean;
}

// weight * other - model of each user, its sign turned for errors: how far the model falls short.
std::vector<double> Shortfalls(const PairedFigures& figures, double weight) {
  std::vector<double> shortfalls(figures.model.size());
  for (size_t i = 0; i < shortfalls.size(); ++i) {
    const double shortfall = weight * figures.other[i] - figures.model[i];
    shortfalls[i] = figures.are_errors ? -shortfall : shortfall;
  }
  return shortfalls;
}

}  // namespace

double ModelFigure(const PairedFigures& figures) {
  return Figure(figures, figures.model);
}

double OtherFigure(const PairedFigures& figures) {
  return Figure(figures, figures.other);
}

bool IsSurelyWorse(const PairedFigures& figures, double tolerance) {
  if (figures.users() < kFewestPairedUsers) return false;
  // The root of the mean squared error is beyond the tolerance where the mean is beyond its square.
  const double weight = figures.are_errors ? (1.0 + tolerance) * (1.0 + tolerance) : 1.0 - tolerance;
  const Mean shortfall = MeanOf(Shortfalls(figures, weight));
  return shortfall.value > 0.0 && shortfall.value > kStandardErrors * shortfall.standard_error;
}

double BestFigure(const PairedFigures& figures) {
  if (figures.users() == 0) return 0.0;
  const Mean mean = MeanOf(figures.model);
  const double margin = kStandardErrors * mean.standard_error;
  if (!figures.are_errors) return mean.value + margin;
  const double users_a_rating = static_cast<double>(figures.users()) / static_cast<double>(figures.ratings);
  return std::sqrt(std::max(mean.value - margin, 0.0) * users_a_rating);
}

double MostAdvantage(const PairedFigures& figures) {
  if (figures.users() == 0) return 0.0;
  const Mean shortfall = MeanOf(Shortfalls(figures, 1.0));
  const double most = kStandardErrors * shortfall.standard_error - shortfall.value;
  if (!figures.are_errors) return most;
  const double other = OtherFigure(figures);
  const double most_squared =
      most * static_cast<double>(figures.users()) / static_cast<double>(figures.ratings);
  return other - std::sqrt(std::max(other * other - most_squared, 0.0));
}

}  // namespace ridgeline
