#ifndef RIDGELINE_CORE_KERNELS_CODE_SCAN_H_
#define RIDGELINE_CORE_KERNELS_CODE_SCAN_H_

#include <cstdint>

#include "core/kernels/kernels.h"

/// The scan of an exact top-k: which rows may reach a score, told from integer codes of a quarter of the size
/// of the factors. What it lets through is a superset, to be scored in float32; what it holds back is proved
/// to be below the floor. Every instruction set lets about the same through, and the answers are the same.
namespace ridgeline::kernels {

inline constexpr int kCodeBlockRows = 64;  ///< rows that share a CodeBlock; one bit each of a hit mask
inline constexpr int kCodeTileRows = 16;   ///< rows whose codes lie interleaved
inline constexpr int kCodeGroup = 4;       ///< dimensions that lie side by side in a tile
inline constexpr int kMaxScanQueries = 16;

/// A row's code of value v is round(v / scale) + kCodeZero, from 1 to 127: products with a query's codes are
/// then summed in 16 bits without overflow, a chunk of dimensions at a time.
inline constexpr int kCodeZero = 64;
inline constexpr int kLargestCode = 63;

/// Dimensions of a chunk. Of its even pairs {0, 1}, {4, 5}, ... and odd pairs {2, 3}, {6, 7}, ... the
/// magnitudes of a query's codes may add up to kMostCodeSum each: 127 times that fits 16 bits.
inline constexpr int kCodeChunk = 16;
inline constexpr int kMostCodeSum = 258;

/// What 64 rows have in common; every bound is rounded up.
struct CodeBlock {
  float scale = 0.0f;       ///< value of one step of a code; at least 0
  float error = 0.0f;       ///< largest norm of (row - scale (code - kCodeZero))
  float norm = 0.0f;        ///< largest norm of a row
  float least_norm = 0.0f;  ///< smallest norm of a row, rounded down
  float bias = 0.0f;        ///< largest bias of a row
};

/// Rows as codes: for each tile of 16 rows and each group of 4 dimensions, 16 x 4 codes. Rows are padded with
/// kCodeZero to whole blocks, dimensions to whole groups.
struct CodeMatrix {
  const uint8_t* codes = nullptr;     ///< [tiles x groups x 16 x 4]
  const float* biases = nullptr;      ///< [blocks x 64], or null for all zeros
  const CodeBlock* blocks = nullptr;  ///< [blocks]
  int groups = 0;                     ///< ceil(K / 4)
};

/// Up to kMaxScanQueries queries, a structure of arrays. A row may reach query q when
///   scale code-product + bias + (errors of both roundings) >= floor (times the row's norm, for a cosine).
struct CodeQueries {
  int count = 0;
  const int8_t* codes[kMaxScanQueries] = {};  ///< [groups x 4] each, within the sums that kMostCodeSum allows
  float scale[kMaxScanQueries] = {};          ///< value of one step of a code
  float norm[kMaxScanQueries] = {};           ///< norm of the query, rounded up
  float error[kMaxScanQueries] = {};          ///< norm of (query - scale code), rounded up
  float offset[kMaxScanQueries] = {};         ///< kCodeZero times the sum of the codes
  float slack[kMaxScanQueries] = {};  ///< rounding of the float32 score, relative to what it is summed from
  float floor[kMaxScanQueries] = {};  ///< without the query's constant
  bool cosine = false;                ///< floors are of (row . query) / norm of the row
};

/// Bit q says whether a row with these bounds, of which scale and error do not matter, may reach the floor of
/// query q. Without `biased` it has no bias.
RIDGELINE_KERNELS_EXPORT uint32_t Reaching(const CodeBlock& bounds, bool biased, const CodeQueries& queries);

/// Bit i of hits[b x queries.count + q] says whether row i of block first + b may reach query q's floor, for
/// `blocks` blocks. Where a bound is not a number all rows may. Padding rows count as rows of zeros. Returns
/// how many of the blocks x queries.count pairs were looked into: the norm alone ruled out the others.
RIDGELINE_KERNELS_EXPORT int64_t ScanCodes(const CodeMatrix& matrix, int64_t first, int64_t blocks,
                                           const CodeQueries& queries, uint64_t* hits);

}  // namespace ridgeline::kernels

#endif  // RIDGELINE_CORE_KERNELS_CODE_SCAN_H_
