#ifndef RIDGELINE_CORE_KERNELS_CODE_REGISTERS_H_
#define RIDGELINE_CORE_KERNELS_CODE_REGISTERS_H_

#include <cstdint>
#include <cstring>

#if defined(__SSSE3__)
#include <immintrin.h>
#endif

/// One register of codes by the instruction set that this file is compiled for: how 4 codes of each of
/// kRegisterRows rows are multiplied by those of a query and added up in 32 bits a row. Everything here has
/// internal linkage, so that no two levels are ever merged by a linker.
namespace ridgeline::kernels {
namespace {

#if defined(__AVX512BW__)
inline constexpr int kRegisterRows = 16;
#elif defined(__AVX2__)
inline constexpr int kRegisterRows = 8;
#else
inline constexpr int kRegisterRows = 4;
#endif

inline constexpr int kRegisterBytes = 4 * kRegisterRows;

using CodeBytes = uint8_t __attribute__((vector_size(kRegisterBytes)));
using Sums16 = int16_t __attribute__((vector_size(kRegisterBytes)));
using Sums32 = int32_t __attribute__((vector_size(kRegisterBytes)));
using RowFloats = float __attribute__((vector_size(kRegisterBytes)));

inline CodeBytes LoadCodes(const uint8_t* from) {
  CodeBytes codes;
  std::memcpy(&codes, from, sizeof(codes));
  return codes;
}

inline RowFloats LoadRowFloats(const float* from) {
  RowFloats floats;
  std::memcpy(&floats, from, sizeof(floats));
  return floats;
}

// The same 4 codes of a query for every row.
inline Sums32 BroadcastCodes(const int8_t* from) {
  int32_t group;
  std::memcpy(&group, from, sizeof(group));
  return group - Sums32{};
}

// Products of the row's and the query's codes, pairs of neighbours added: 2 sums a row.
inline Sums16 PairProducts(CodeBytes rows, Sums32 query) {
#if defined(__AVX512BW__)
  return (Sums16)_mm512_maddubs_epi16((__m512i)rows, (__m512i)query);
#elif defined(__AVX2__)
  return (Sums16)_mm256_maddubs_epi16((__m256i)rows, (__m256i)query);
#elif defined(__SSSE3__)
  return (Sums16)_mm_maddubs_epi16((__m128i)rows, (__m128i)query);
#else
  const auto codes = (int8_t __attribute__((vector_size(kRegisterBytes))))query;
  Sums16 sums;
  for (int i = 0; i < 2 * kRegisterRows; ++i) {
    sums[i] = static_cast<int16_t>(rows[2 * i] * codes[2 * i] + rows[2 * i + 1] * codes[2 * i + 1]);
  }
  return sums;
#endif
}

// The two sums of each row added in 32 bits.
inline Sums32 AddPairs(Sums16 pairs) {
#if defined(__AVX512BW__)
  return (Sums32)_mm512_madd_epi16((__m512i)pairs, _mm512_set1_epi16(1));
#elif defined(__AVX2__)
  return (Sums32)_mm256_madd_epi16((__m256i)pairs, _mm256_set1_epi16(1));
#elif defined(__SSSE3__)
  return (Sums32)_mm_madd_epi16((__m128i)pairs, _mm_set1_epi16(1));
#else
  Sums32 sums;
  for (int i = 0; i < kRegisterRows; ++i) sums[i] = pairs[2 * i] + pairs[2 * i + 1];
  return sums;
#endif
}

// One bit a row: set unless values[i] < bar, so set too where one is not a number.
inline uint32_t NotBelow(RowFloats values, float bar) {
#if defined(__AVX512BW__)
  return _mm512_cmp_ps_mask((__m512)values, _mm512_set1_ps(bar), _CMP_NLT_UQ);
#elif defined(__AVX2__)
  const __m256 bars = _mm256_set1_ps(bar);
  return static_cast<uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps((__m256)values, bars, _CMP_NLT_UQ)));
#elif defined(__SSSE3__)
  return static_cast<uint32_t>(_mm_movemask_ps(_mm_cmpnlt_ps((__m128)values, _mm_set1_ps(bar))));
#else
  uint32_t bits = 0;
  for (int i = 0; i < kRegisterRows; ++i) bits |= static_cast<uint32_t>(!(values[i] < bar)) << i;
  return bits;
#endif
}

}  // namespace
}  // namespace ridgeline::kernels

#endif  // RIDGELINE_CORE_KERNELS_CODE_REGISTERS_H_
