#ifndef RIDGELINE_CORE_BASE_RANDOM_H_
#define RIDGELINE_CORE_BASE_RANDOM_H_

#include <cstdint>

namespace ridgeline {

/// A small seeded generator whose stream is the same on every machine and in every release: models and
/// generated data sets repeat from their seed alone. SplitMix64 (Steele, Lea, Flood 2014). Not for secrets.
/// Thread-compatible: one generator a thread, or one a row via Fork().
class Random {
 public:
  using result_type = uint64_t;

  explicit Random(uint64_t seed) : state_(seed) {}

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return UINT64_MAX; }

  /// 64 uniform bits.
  result_type operator()();

  /// Uniform in [0, bound); `bound` must be positive.
  uint64_t Below(uint64_t bound);

  /// Uniform in [0, 1).
  double Uniform();

  /// Normal with mean 0 and standard deviation 1 (Box and Muller 1958).
  double Normal();

  /// A generator for stream `index` of this seed; streams do not depend on how much was drawn before.
  static Random Fork(uint64_t seed, uint64_t index);

 private:
  uint64_t state_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASE_RANDOM_H_
