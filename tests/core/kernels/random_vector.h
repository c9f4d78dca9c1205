#ifndef RIDGELINE_TESTS_CORE_KERNELS_RANDOM_VECTOR_H_
#define RIDGELINE_TESTS_CORE_KERNELS_RANDOM_VECTOR_H_

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

namespace ridgeline {

/// Sizes on both sides of every register's and block's width.
inline constexpr int kOddSizes[] = {0, 1, 3, 7, 8, 9, 31, 32, 33, 64, 100, 128, 129};

/// `size` numbers, uniform in [low, high); the same for the same seed.
inline std::vector<float> RandomVector(int64_t size, uint32_t seed, float low = -1.0f, float high = 1.0f) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> uniform(low, high);
  std::vector<float> numbers(static_cast<size_t>(size));
  for (float& number : numbers) number = uniform(generator);
  return numbers;
}

/// A copy whose first number lies `offset` floats behind the start of a vector's memory, so that it is
/// misaligned.
class MisalignedCopy {
 public:
  MisalignedCopy(const std::vector<float>& numbers, int offset)
      : storage_(numbers.size() + offset), offset_(offset) {
    std::copy(numbers.begin(), numbers.end(), storage_.begin() + offset);
  }

  const float* data() const { return storage_.data() + offset_; }

 private:
  std::vector<float> storage_;
  int offset_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_KERNELS_RANDOM_VECTOR_H_
