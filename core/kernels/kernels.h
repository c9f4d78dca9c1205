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
/// coordinate of this row's own bias). A base that is diagonal in the basis of the factors is better given
/// as such: rows with fewer entries than dimensions then have a cheaper solve.
struct RowSystem {
  const float* factors = nullptr;     ///< [other side's rows x factor_count]
  int factor_count = 0;               ///< K, at least 0
  int factor_stride = 0;              ///< floats from a row of `factors` to the next; 0: factor_count
  bool append_one = false;            ///< dimension is K + 1 instead of K
  const uint32_t* columns = nullptr;  ///< [entries] rows of `factors`
  const float* weights = nullptr;     ///< [entries], or null for all ones; at least 0
  const float* targets = nullptr;     ///< [entries]; not read when right_side is given
  int64_t entries = 0;
  const float* base = nullptr;           ///< [dimension x dimension] symmetric, or null for zero
  const float* base_diagonal = nullptr;  ///< [dimension], at least 0, in place of `base`, or null for zero
  float base_scale = 1.0f;               ///< multiplies base or base_diagonal; at least 0
  const float* ridge = nullptr;          ///< [dimension], positive
  const float* right_side = nullptr;     ///< [dimension] in place of sum_j target_j h_j, or null

  int dimension() const { return factor_count + (append_one ? 1 : 0); }
  const float* factor_row(int64_t entry) const {
    const int64_t stride = factor_stride == 0 ? factor_count : factor_stride;
    return factors + int64_t{columns[entry]} * stride;
  }
};

/// Scratch memory for SolveRow; keep one a thread, it grows to the largest row seen.
struct RowWorkspace {
  std::vector<float> memory;  ///< matrices, gathered rows and vectors, aligned
};

/// Solves `system` by Cholesky factorization into `solution` [dimension]. With D = diag(ridge) + base, when
/// that is diagonal, and fewer entries than dimensions, the smaller system of the entries is solved instead
/// (the matrix inversion lemma): w = D^-1 H^T S (I + S H D^-1 H^T S)^-1 S^-1 t, S = diag(sqrt(weight)). A
/// matrix that is singular to the precision of float32 is summed and solved once more in double. Returns
/// false, leaving `solution` unspecified, when it is singular in double too or the solution is not finite.
/// The result depends on the system alone: not on the workspace, nor on addresses.
RIDGELINE_KERNELS_EXPORT bool SolveRow(const RowSystem& system, RowWorkspace& workspace, float* solution);

/// Improves `solution` [dimension], where it starts, by up to `steps` steps of conjugate gradients with a
/// Jacobi preconditioner, without summing up the matrix (Takacs, Pilaszy, Tikk 2011); stops early when what
/// is left is rounding error. Never raises the quadratic form that SolveRow minimizes, beyond rounding. False
/// when the result is not finite.
RIDGELINE_KERNELS_EXPORT bool ImproveRow(const RowSystem& system, int steps, RowWorkspace& workspace,
                                         float* solution);

/// gramian [K x K] += sum over rows of f f^T, each block of rows in float32, blocks added in double; both
/// triangles are written.
RIDGELINE_KERNELS_EXPORT void AddGramian(const float* factors, int64_t rows, int factor_count,
                                         double* gramian);

/// factors [rows x K] = factors rotation, where `rotation` is [K x K]; in place.
RIDGELINE_KERNELS_EXPORT void RotateRows(const float* rotation, int64_t rows, int factor_count,
                                         float* factors);

/// scores[i] = factors_i . query + (biases ? biases[i] : 0) for `rows` rows of K.
RIDGELINE_KERNELS_EXPORT void Scores(const float* factors, const float* biases, int64_t rows,
                                     int factor_count, const float* query, float* scores);

/// a . b over `size` elements, summed in the same order as Scores.
RIDGELINE_KERNELS_EXPORT float Dot(const float* a, const float* b, int size);

/// The x86-64 level of the library in use: "x86-64-v2", "x86-64-v3", "x86-64-v4", or "portable".
RIDGELINE_KERNELS_EXPORT const char* InstructionSet();

/// Minimizes w^T M w / 2 - w^T r over w with w_k >= 0 for k < factor_count, M w = r being `system`; an
/// appended one's coordinate may have any sign. Coordinate descent on the normal equations (Franc, Hlavac,
/// Navara 2005) finds which coordinates are above 0, a Cholesky factorization of those solves them exactly,
/// in turns until no other one wants to rise; all in double. Writes `solution` [dimension], in which held
/// coordinates are exactly 0. Returns false, leaving it unspecified, when the matrix is not positive definite
/// or a number not finite. The result depends on the system alone.
RIDGELINE_KERNELS_EXPORT bool SolveNonNegative(const RowSystem& system, float* solution);

}  // namespace ridgeline::kernels

#endif  // RIDGELINE_CORE_KERNELS_KERNELS_H_
