#ifndef RIDGELINE_CORE_KERNELS_KERNELS_H_
#define RIDGELINE_CORE_KERNELS_KERNELS_H_

#include <cstdint>
#include <vector>

/// Marks the functions that the shared library offers; everything else in it is hidden.
#define RIDGELINE_KERNELS_EXPORT __attribute__((visibility("default")))

/// The numeric loops that the processor's instruction set matters to. Built as a shared library once per
/// x86-64 level; the dynamic loader picks the best one the processor has (glibc-hwcaps). Only plain pointers
/// cross this interface and every other symbol is hidden, because templates compiled for different
/// instruction sets must never be merged by a linker. All matrices are row-major float32 without padding.
namespace ridgeline::kernels {

/// One row's ridge system of a half step:
///   (base_scale base + sum_j weight_j h_j h_j^T + diag(ridge)) w = sum_j target_j h_j
/// where h_j is the other side's factor of the j-th entry, with a 1 appended when `append_one` (the
/// coordinate of this row's own bias).
struct RowSystem {
  const float* factors = nullptr;     ///< [other side's rows x factor_count]
  int factor_count = 0;               ///< K, at least 0
  bool append_one = false;            ///< dimension is K + 1 instead of K
  const uint32_t* columns = nullptr;  ///< [entries] rows of `factors`
  const float* weights = nullptr;     ///< [entries], or null for all ones; at least 0
  const float* targets = nullptr;     ///< [entries]; not read when right_side is given
  int64_t entries = 0;
  const float* base = nullptr;        ///< [dimension x dimension] symmetric, or null for zero
  float base_scale = 1.0f;            ///< multiplies base; at least 0
  const float* ridge = nullptr;       ///< [dimension], positive
  const float* right_side = nullptr;  ///< [dimension] in place of sum_j target_j h_j, or null

  int dimension() const { return factor_count + (append_one ? 1 : 0); }
};

/// Scratch memory for SolveRow; keep one a thread, it grows to the largest row seen.
struct RowWorkspace {
  std::vector<float> memory;  ///< an aligned matrix, a block of gathered rows, two vectors
};

/// Solves `system` by Cholesky factorization into `solution` [dimension]. A matrix that is singular to the
/// precision of float32 is summed and solved once more in double. Returns false, leaving `solution`
/// unspecified, when it is singular in double too or the solution is not finite. The result depends on the
/// system alone: not on the workspace, nor on addresses.
RIDGELINE_KERNELS_EXPORT bool SolveRow(const RowSystem& system, RowWorkspace& workspace, float* solution);

/// gramian [K x K] += sum over rows of f f^T, each block of rows in float32, blocks added in double; both
/// triangles are written.
RIDGELINE_KERNELS_EXPORT void AddGramian(const float* factors, int64_t rows, int factor_count,
                                         double* gramian);

/// scores[i] = factors_i . query + (biases ? biases[i] : 0) for `rows` rows of K.
RIDGELINE_KERNELS_EXPORT void Scores(const float* factors, const float* biases, int64_t rows,
                                     int factor_count, const float* query, float* scores);

/// a . b over `size` elements, summed in the same order as Scores.
RIDGELINE_KERNELS_EXPORT float Dot(const float* a, const float* b, int size);

/// The x86-64 level of the library in use: "x86-64-v2", "x86-64-v3", "x86-64-v4", or "portable".
RIDGELINE_KERNELS_EXPORT const char* InstructionSet();

}  // namespace ridgeline::kernels

#endif  // RIDGELINE_CORE_KERNELS_KERNELS_H_
