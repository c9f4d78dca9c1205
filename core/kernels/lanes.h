#ifndef RIDGELINE_CORE_KERNELS_LANES_H_
#define RIDGELINE_CORE_KERNELS_LANES_H_

#include <cstring>

/// A register's worth of floats by the compiler's vector extension, which every instruction set has: the same
/// source is compiled once per x86-64 level. Everything here has internal linkage, so that no two levels are
/// ever merged by a linker.
namespace ridgeline::kernels {
namespace {

#if defined(__AVX512F__)
inline constexpr int kLanes = 16;
#elif defined(__AVX__)
inline constexpr int kLanes = 8;
#else
inline constexpr int kLanes = 4;
#endif

using Lanes = float __attribute__((vector_size(kLanes * sizeof(float))));

/// From and to any address.
inline Lanes Load(const float* from) {
  Lanes lanes;
  std::memcpy(&lanes, from, sizeof(lanes));
  return lanes;
}

inline void Store(Lanes lanes, float* to) {
  std::memcpy(to, &lanes, sizeof(lanes));
}

inline Lanes Broadcast(float value) {
  return value - Lanes{};
}

}  // namespace
}  // namespace ridgeline::kernels

#endif  // RIDGELINE_CORE_KERNELS_LANES_H_
