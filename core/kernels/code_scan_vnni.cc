#include "core/kernels/code_scan_vnni.h"

#include "core/kernels/code_tiles.h"

namespace ridgeline::kernels {

#if defined(__AVX512VNNI__) && defined(__AVX512BW__)
namespace {

// 4 products a row straight into 32 bits.
struct GroupProduct {
  template <int kQueries>
  static inline void AddChunk(const uint8_t* tile, const int8_t* const* queries, int groups,
                              Sums32 (&sums)[kQueries][kTileRegisters]) {
    for (int group = 0; group < groups; ++group) {
      const CodeBytes rows = LoadCodes(tile + group * kRegisterBytes);
      for (int q = 0; q < kQueries; ++q) {
        const Sums32 query = BroadcastCodes(queries[q] + group * kCodeGroup);
        sums[q][0] = (Sums32)_mm512_dpbusd_epi32((__m512i)sums[q][0], (__m512i)rows, (__m512i)query);
      }
    }
  }
};

}  // namespace

int64_t ScanCodesVnni(const CodeMatrix& matrix, int64_t first, int64_t blocks, const CodeQueries& queries,
                      uint64_t* hits) {
  return ScanBlocks<GroupProduct>(matrix, first, blocks, queries, hits);
}
#endif

}  // namespace ridgeline::kernels
