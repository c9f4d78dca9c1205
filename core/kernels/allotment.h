#ifndef RIDGELINE_CORE_KERNELS_ALLOTMENT_H_
#define RIDGELINE_CORE_KERNELS_ALLOTMENT_H_

#include <cstdint>
#include <vector>

#include "core/kernels/product.h"

namespace ridgeline::kernels {
namespace {

/// Hands out parts of a workspace, each aligned to a cache line, so that results do not depend on addresses.
class Allotment {
 public:
  /// Grows `memory` to at least `floats` and the room for alignment.
  Allotment(std::vector<float>& memory, int64_t floats) {
    const size_t needed = static_cast<size_t>(floats + kPanel);
    if (memory.size() < needed) memory.resize(needed);
    const uintptr_t alignment = kPanel * sizeof(float);
    const uintptr_t misaligned = reinterpret_cast<uintptr_t>(memory.data()) % alignment;
    next_ = memory.data() + (alignment - misaligned) % alignment / sizeof(float);
  }

  /// The next `floats`, a multiple of kPanel; not cleared.
  float* Take(int64_t floats) {
    float* const taken = next_;
    next_ += floats;
    return taken;
  }

 private:
  float* next_;
};

}  // namespace
}  // namespace ridgeline::kernels

#endif  // RIDGELINE_CORE_KERNELS_ALLOTMENT_H_
