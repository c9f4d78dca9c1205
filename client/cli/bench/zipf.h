#ifndef RIDGELINE_CLIENT_CLI_BENCH_ZIPF_H_
#define RIDGELINE_CLIENT_CLI_BENCH_ZIPF_H_

#include <cstdint>

#include "client/cli/bench/random.h"

namespace ridgeline {

/// Ranks in [0, n) of which rank r has a probability proportional to 1 / (r + 1)^exponent, drawn without a
/// table by rejection-inversion (Hoermann and Derflinger 1996). A plain value.
class ZipfRanks {
 public:
  /// `n` at least 1; `exponent` at least 0, which is uniform.
  ZipfRanks(int64_t n, double exponent);

  int64_t Draw(BenchRandom& random) const;

 private:
  // The density 1 / x^exponent, its integral from 1 to x, and the inverse of that.
  double Density(double x) const;
  double Integral(double x) const;
  double Inverse(double area) const;

  int64_t n_;
  double exponent_;
  double first_area_;  // the range of areas that are drawn from
  double last_area_;
  double sure_;  // as far above x, rank x needs no look at its area
};

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_BENCH_ZIPF_H_
