#ifndef RIDGELINE_CLIENT_CLI_BENCH_RANDOM_H_
#define RIDGELINE_CLIENT_CLI_BENCH_RANDOM_H_

#include <cstdint>
#include <random>

namespace ridgeline {

/// Seeded random numbers whose stream is the same on every machine: a load repeats from its seed.
/// Thread-compatible.
class BenchRandom {
 public:
  explicit BenchRandom(uint64_t seed) : engine_(seed) {}

  /// Uniform in [0, 1).
  double Uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }

  /// Uniform in [0, bound) to within 2^-53; `bound` from 1 to 2^53.
  int64_t Below(int64_t bound) { return static_cast<int64_t>(Uniform() * static_cast<double>(bound)); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_BENCH_RANDOM_H_
