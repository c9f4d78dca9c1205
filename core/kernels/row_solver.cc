#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "Eigen/Cholesky"
#include "Eigen/Core"
#include "core/kernels/kernels.h"

namespace ridgeline::kernels {
namespace {

// Rows gathered before a rank update: deep enough for a matrix product's speed, small enough for the cache.
constexpr int64_t kBlockRows = 256;
// How far ahead of the gathering loop a row of factors is asked for; rows lie anywhere in memory.
constexpr int64_t kPrefetchRows = 8;
constexpr int64_t kAlignmentFloats = 16;

template <typename Scalar>
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
template <typename Scalar>
using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
// Eigen peels loops by the address of unaligned data, so that results would depend on where the workspace
// lies.
template <typename Type>
using AlignedMap = Eigen::Map<Type, Eigen::AlignedMax>;

// The parts of a row's system while it is summed up and solved.
template <typename Scalar>
struct Parts {
  AlignedMap<Matrix<Scalar>> matrix;      // [dimension x dimension], the lower triangle counts
  AlignedMap<Matrix<Scalar>> gathered;    // [dimension x block], one entry a column
  AlignedMap<Vector<Scalar>> block_side;  // [dimension] of the block's sum target_j h_j
  AlignedMap<Vector<Scalar>> right_side;  // [dimension], becomes the solution
};

int64_t RoundUp(int64_t count) {
  return (count + kAlignmentFloats - 1) / kAlignmentFloats * kAlignmentFloats;
}

// Lays the parts out in `memory`, which grows when it is too small.
template <typename Scalar>
Parts<Scalar> LayOut(const RowSystem& system, std::vector<Scalar>& memory) {
  const int64_t dimension = system.dimension();
  const int64_t block = std::min(system.entries, kBlockRows);
  const int64_t matrix_size = RoundUp(dimension * dimension);
  const int64_t gathered_size = RoundUp(dimension * block);
  const int64_t vector_size = RoundUp(dimension);
  const size_t needed = static_cast<size_t>(matrix_size + gathered_size + 2 * vector_size + kAlignmentFloats);
  if (memory.size() < needed) memory.resize(needed);
  const uintptr_t alignment = kAlignmentFloats * sizeof(float);
  const uintptr_t misaligned = reinterpret_cast<uintptr_t>(memory.data()) % alignment;
  Scalar* start = memory.data() + (misaligned == 0 ? 0 : (alignment - misaligned) / sizeof(Scalar));
  Scalar* vectors = start + matrix_size + gathered_size;
  return {{start, dimension, dimension},
          {start + matrix_size, dimension, block},
          {vectors, dimension},
          {vectors + vector_size, dimension}};
}

void PrefetchRow(const RowSystem& system, int64_t entry) {
  if (entry >= system.entries) return;
  const float* row = system.factors + int64_t{system.columns[entry]} * system.factor_count;
  for (int at = 0; at < system.factor_count; at += kAlignmentFloats) __builtin_prefetch(row + at);
}

// Writes sqrt(weight) h of `entry` to `gathered` and adds target h to `side`, each [dimension].
template <typename Scalar>
void GatherEntry(const RowSystem& system, int64_t entry, Scalar* __restrict gathered,
                 Scalar* __restrict side) {
  const float* row = system.factors + int64_t{system.columns[entry]} * system.factor_count;
  const Scalar root = system.weights == nullptr ? Scalar{1} : std::sqrt(Scalar{system.weights[entry]});
  const Scalar target = system.right_side != nullptr ? Scalar{0} : Scalar{system.targets[entry]};
  for (int k = 0; k < system.factor_count; ++k) {
    gathered[k] = root * row[k];
    side[k] += target * row[k];
  }
  if (system.append_one) {
    gathered[system.factor_count] = root;
    side[system.factor_count] += target;
  }
}

// Adds the entries [begin, end) to the matrix and the right side.
template <typename Scalar>
void AddBlock(const RowSystem& system, int64_t begin, int64_t end, Parts<Scalar>& parts) {
  parts.block_side.setZero();
  for (int64_t entry = begin; entry < end; ++entry) {
    PrefetchRow(system, entry + kPrefetchRows);
    GatherEntry(system, entry, parts.gathered.col(entry - begin).data(), parts.block_side.data());
  }
  parts.matrix.template selfadjointView<Eigen::Lower>().rankUpdate(parts.gathered.leftCols(end - begin));
  parts.right_side += parts.block_side;
}

template <typename Scalar>
void SumUp(const RowSystem& system, Parts<Scalar>& parts) {
  const int dimension = system.dimension();
  using FloatMatrix = Eigen::Map<const Matrix<float>>;
  using FloatVector = Eigen::Map<const Vector<float>>;
  if (system.base == nullptr) {
    parts.matrix.setZero();
  } else {
    parts.matrix = FloatMatrix(system.base, dimension, dimension).cast<Scalar>() *
                   static_cast<Scalar>(system.base_scale);
  }
  parts.matrix.diagonal() += FloatVector(system.ridge, dimension).cast<Scalar>();
  parts.right_side.setZero();
  for (int64_t begin = 0; begin < system.entries; begin += kBlockRows) {
    AddBlock(system, begin, std::min(begin + kBlockRows, system.entries), parts);
  }
  if (system.right_side != nullptr) {
    parts.right_side = FloatVector(system.right_side, dimension).cast<Scalar>();
  }
}

// Whether the smallest pivot of the factor L stands clear of the rounding error of the matrix's largest
// entry.
template <typename Scalar>
bool PivotsAreSound(const Parts<Scalar>& parts, Scalar largest_entry) {
  const Scalar smallest_root = parts.matrix.diagonal().minCoeff();
  const Scalar error = std::numeric_limits<Scalar>::epsilon() * static_cast<Scalar>(parts.matrix.rows());
  return smallest_root * smallest_root > error * largest_entry;
}

template <typename Scalar>
bool SolveIn(const RowSystem& system, std::vector<Scalar>& memory, float* solution) {
  Parts<Scalar> parts = LayOut(system, memory);
  SumUp(system, parts);
  const Scalar largest_entry = parts.matrix.diagonal().maxCoeff();
  const Eigen::LLT<Eigen::Ref<Matrix<Scalar>>> cholesky(parts.matrix);
  if (cholesky.info() != Eigen::Success || !PivotsAreSound(parts, largest_entry)) return false;
  cholesky.solveInPlace(parts.right_side);
  Eigen::Map<Vector<float>> result(solution, system.dimension());
  result = parts.right_side.template cast<float>();
  return result.allFinite();
}

}  // namespace

bool SolveRow(const RowSystem& system, RowWorkspace& workspace, float* solution) {
  if (system.dimension() == 0) return true;
  if (SolveIn(system, workspace.memory, solution)) return true;
  std::vector<double> memory;
  return SolveIn(system, memory, solution);
}

}  // namespace ridgeline::kernels
