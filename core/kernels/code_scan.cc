#include "core/kernels/code_scan.h"

#include <cstdint>

#include "core/kernels/code_scan_vnni.h"
#include "core/kernels/code_tiles.h"

namespace ridgeline::kernels {

uint32_t Reaching(const CodeBlock& bounds, bool biased, const CodeQueries& queries) {
  const Bars bars = BarsOf(bounds, biased ? bounds.bias : 0.0f, queries);
  uint32_t reaching = 0;
  for (int q = 0; q < queries.count; ++q) reaching |= uint32_t{bars.reachable[q] != 0} << q;
  return reaching;
}

int64_t ScanCodes(const CodeMatrix& matrix, int64_t first, int64_t blocks, const CodeQueries& queries,
                  uint64_t* hits) {
#if defined(__AVX512BW__)
  // In no x86-64 level, so the loader cannot choose it.
  static const bool has_vnni = __builtin_cpu_supports("avx512vnni") != 0;
  if (has_vnni) return ScanCodesVnni(matrix, first, blocks, queries, hits);
#endif
  return ScanBlocks<PairwiseProduct>(matrix, first, blocks, queries, hits);
}

}  // namespace ridgeline::kernels
