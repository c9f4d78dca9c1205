#include "client/cli/bench/zipf.h"

#include <algorithm>
#include <cmath>

namespace ridgeline {
namespace {

// How near to 1 an exponent is taken for 1, whose integral is the logarithm.
constexpr double kNearOne = 1e-9;

}  // namespace

ZipfRanks::ZipfRanks(int64_t n, double exponent) : n_(n), exponent_(exponent) {
  first_area_ = Integral(1.5) - 1.0;
  last_area_ = Integral(static_cast<double>(n) + 0.5);
  sure_ = 2.0 - Inverse(Integral(2.5) - Density(2.0));
}

double ZipfRanks::Density(double x) const {
  return std::pow(x, -exponent_);
}

double ZipfRanks::Integral(double x) const {
  const double power = 1.0 - exponent_;
  return std::abs(power) < kNearOne ? std::log(x) : (std::pow(x, power) - 1.0) / power;
}

double ZipfRanks::Inverse(double area) const {
  const double power = 1.0 - exponent_;
  if (std::abs(power) < kNearOne) return std::exp(area);
  // Rounding may leave a base below 0 at the far end.
  return std::pow(std::max(0.0, 1.0 + area * power), 1.0 / power);
}

int64_t ZipfRanks::Draw(BenchRandom& random) const {
  if (exponent_ == 0.0) return random.Below(n_);
  for (;;) {
    const double area = last_area_ + random.Uniform() * (first_area_ - last_area_);
    const double x = Inverse(area);
    const double rank = std::clamp(std::round(x), 1.0, static_cast<double>(n_));
    if (rank - x <= sure_ || area >= Integral(rank + 0.5) - Density(rank))
      return static_cast<int64_t>(rank) - 1;
  }
}

}  // namespace ridgeline
