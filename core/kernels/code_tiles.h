#ifndef RIDGELINE_CORE_KERNELS_CODE_TILES_H_
#define RIDGELINE_CORE_KERNELS_CODE_TILES_H_

#include <algorithm>
#include <cfloat>
#include <cmath>

#include "core/kernels/code_registers.h"
#include "core/kernels/code_scan.h"

/// The loops of ScanCodes, over a `Product` that says how a group of codes is multiplied and summed. Internal
/// linkage, as code_registers.h.
namespace ridgeline::kernels {
namespace {

inline constexpr int kTileRegisters = kCodeTileRows / kRegisterRows;
inline constexpr int kChunkGroups = kCodeChunk / kCodeGroup;

// Queries that share a tile while it is in registers: as many as leave the sums in registers too.
inline constexpr int kSharingQueries = kRegisterRows == 16 ? 4 : kRegisterRows == 8 ? 2 : 1;

// Sums in 16 bits over a chunk, which kMostCodeSum keeps from overflowing, then in 32.
struct PairwiseProduct {
  template <int kQueries>
  static inline void AddChunk(const uint8_t* tile, const int8_t* const* queries, int groups,
                              Sums32 (&sums)[kQueries][kTileRegisters]) {
    Sums16 pairs[kQueries][kTileRegisters] = {};
#pragma GCC unroll 2  // unrolled whole, products wait in memory for their sums
    for (int group = 0; group < groups; ++group) {
      for (int q = 0; q < kQueries; ++q) {
        const Sums32 query = BroadcastCodes(queries[q] + group * kCodeGroup);
        for (int r = 0; r < kTileRegisters; ++r) {
          const uint8_t* rows = tile + (group * kTileRegisters + r) * kRegisterBytes;
          pairs[q][r] += PairProducts(LoadCodes(rows), query);
        }
      }
    }
    for (int q = 0; q < kQueries; ++q) {
      for (int r = 0; r < kTileRegisters; ++r) sums[q][r] += AddPairs(pairs[q][r]);
    }
  }
};

// From which value of scale times product (plus bias) on a row may reach the floor.
struct Bars {
  float scale[kMaxScanQueries];
  float bar[kMaxScanQueries];
  int reachable[kMaxScanQueries];  // whether any row of the block may
};

// Bounds of one block. With x = row, q = query, s c = its codes' value, e = error:
//   |x . q - s_x c_x . s_q c_q| <= e_x |q| + (|x| + e_x) e_q    (Cauchy-Schwarz)
// and the float32 score differs from x . q by slack times the magnitudes that it is summed from.
inline Bars BarsOf(const CodeBlock& block, float bias, const CodeQueries& queries) {
  Bars bars;
  for (int q = 0; q < queries.count; ++q) {
    const float floor = queries.floor[q];
    const float least = queries.cosine ? floor * (floor > 0.0f ? block.least_norm : block.norm) : floor;
    const float product = block.norm * queries.norm[q];
    const float rounding = queries.slack[q] * (product + std::fabs(bias) + std::fabs(least)) + FLT_MIN;
    const float error =
        block.error * queries.norm[q] + (block.norm + block.error) * queries.error[q] + rounding;
    bars.scale[q] = block.scale * queries.scale[q];
    const float bar = (least - error) + bars.scale[q] * queries.offset[q];
    // Infinity, or no number: the bound overflowed and says nothing, so that every row is scored.
    bars.bar[q] = bar <= FLT_MAX ? bar : -INFINITY;
    bars.reachable[q] = !(product + bias + rounding < least);
  }
  return bars;
}

template <class Product, int kQueries>
inline void TileHits(const CodeMatrix& matrix, int64_t tile, const int8_t* const* queries, const float* scale,
                     const float* bar, uint32_t (&hits)[kQueries]) {
  const uint8_t* codes = matrix.codes + tile * matrix.groups * (kCodeTileRows * kCodeGroup);
  Sums32 sums[kQueries][kTileRegisters] = {};
  const int8_t* at[kQueries];
  std::copy_n(queries, kQueries, at);
  int groups = matrix.groups;
  for (; groups >= kChunkGroups; groups -= kChunkGroups) {
    Product::template AddChunk<kQueries>(codes, at, kChunkGroups, sums);
    codes += kCodeTileRows * kCodeChunk;
    for (int q = 0; q < kQueries; ++q) at[q] += kCodeChunk;
  }
  if (groups > 0) Product::template AddChunk<kQueries>(codes, at, groups, sums);
  for (int q = 0; q < kQueries; ++q) {
    hits[q] = 0;
    for (int r = 0; r < kTileRegisters; ++r) {
      RowFloats values = __builtin_convertvector(sums[q][r], RowFloats) * scale[q];
      if (matrix.biases != nullptr) {
        values += LoadRowFloats(matrix.biases + tile * kCodeTileRows + r * kRegisterRows);
      }
      hits[q] |= NotBelow(values, bar[q]) << (r * kRegisterRows);
    }
  }
}

// Hits of kQueries queries in one block.
template <class Product, int kQueries>
inline void BlockHits(const CodeMatrix& matrix, int64_t block, const int8_t* const* queries,
                      const float* scale, const float* bar, const int* places, uint64_t* hits) {
  constexpr int kTiles = kCodeBlockRows / kCodeTileRows;
  uint64_t found[kQueries] = {};
  for (int t = 0; t < kTiles; ++t) {
    uint32_t of_tile[kQueries];
    TileHits<Product, kQueries>(matrix, block * kTiles + t, queries, scale, bar, of_tile);
    for (int q = 0; q < kQueries; ++q) found[q] |= uint64_t{of_tile[q]} << (t * kCodeTileRows);
  }
  for (int q = 0; q < kQueries; ++q) hits[places[q]] = found[q];
}

// The queries that a block may answer, side by side.
struct Reaching {
  int count = 0;
  const int8_t* codes[kMaxScanQueries];
  float scale[kMaxScanQueries];
  float bar[kMaxScanQueries];
  int places[kMaxScanQueries];
};

inline Reaching ReachingOf(const Bars& bars, const CodeQueries& queries) {
  Reaching reaching;
  for (int q = 0; q < queries.count; ++q) {
    const int at = reaching.count;
    reaching.codes[at] = queries.codes[q];
    reaching.scale[at] = bars.scale[q];
    reaching.bar[at] = bars.bar[q];
    reaching.places[at] = q;
    reaching.count += bars.reachable[q];
  }
  return reaching;
}

template <class Product>
inline int64_t ScanBlocks(const CodeMatrix& matrix, int64_t first, int64_t blocks, const CodeQueries& queries,
                          uint64_t* hits) {
  int64_t scanned = 0;
  for (int64_t b = 0; b < blocks; ++b, hits += queries.count) {
    std::fill_n(hits, queries.count, 0);
    const CodeBlock& block = matrix.blocks[first + b];
    const Bars bars = BarsOf(block, matrix.biases == nullptr ? 0.0f : block.bias, queries);
    const Reaching reaching = ReachingOf(bars, queries);
    scanned += reaching.count;
    int q = 0;
    for (; q + kSharingQueries <= reaching.count; q += kSharingQueries) {
      BlockHits<Product, kSharingQueries>(matrix, first + b, reaching.codes + q, reaching.scale + q,
                                          reaching.bar + q, reaching.places + q, hits);
    }
    for (; q < reaching.count; ++q) {
      BlockHits<Product, 1>(matrix, first + b, reaching.codes + q, reaching.scale + q, reaching.bar + q,
                            reaching.places + q, hits);
    }
  }
  return scanned;
}

}  // namespace
}  // namespace ridgeline::kernels

#endif  // RIDGELINE_CORE_KERNELS_CODE_TILES_H_
