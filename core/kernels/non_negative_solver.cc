#include <algorithm>
#include <vector>

#include "Eigen/Cholesky"
#include "Eigen/Core"
#include "core/kernels/double_solver.h"
#include "core/kernels/kernels.h"

namespace ridgeline::kernels {
namespace {

constexpr int kSweeps = 4;
// A coordinate at 0 wants to rise when its slope is below minus this share of the numbers it is the sum of.
constexpr double kTolerance = 1e-10;

// The system in double: matrix w = side, of which the first `bounded` coordinates are at least 0.
struct Bounded {
  explicit Bounded(const RowSystem& system)
      : bounded(system.factor_count),
        matrix(Eigen::MatrixXd::Zero(system.dimension(), system.dimension())),
        side(Eigen::VectorXd::Zero(system.dimension())) {
    SumUpInDouble(system, matrix, side);
    matrix.triangularView<Eigen::StrictlyUpper>() = matrix.transpose();
  }

  bool IsFinite() const { return matrix.allFinite() && side.allFinite(); }
  int size() const { return static_cast<int>(side.size()); }

  int bounded;
  Eigen::MatrixXd matrix;
  Eigen::VectorXd side;
};

// Minimizes along each coordinate in turn; `slope` is matrix w - side and is kept so.
void Sweep(const Bounded& problem, Eigen::VectorXd& w, Eigen::VectorXd& slope) {
  for (int k = 0; k < problem.size(); ++k) {
    double next = w[k] - slope[k] / problem.matrix(k, k);
    if (k < problem.bounded) next = std::max(next, 0.0);
    if (next == w[k]) continue;
    slope += (next - w[k]) * problem.matrix.col(k);
    w[k] = next;
  }
}

// The coordinates that may move: those of `w` above 0 and the unbounded ones.
std::vector<int> Free(const Bounded& problem, const Eigen::VectorXd& w) {
  std::vector<int> free;
  for (int k = 0; k < problem.size(); ++k) {
    if (k >= problem.bounded || w[k] > 0.0) free.push_back(k);
  }
  return free;
}

// Solves the coordinates `free` with the others at 0; false when their matrix is not positive definite.
bool SolveFree(const Bounded& problem, const std::vector<int>& free, Eigen::VectorXd& solution) {
  solution.setZero(problem.size());
  if (free.empty()) return true;
  const Eigen::LLT<Eigen::MatrixXd> cholesky(problem.matrix(free, free));
  if (cholesky.info() != Eigen::Success) return false;
  const Eigen::VectorXd solved = cholesky.solve(Eigen::VectorXd(problem.side(free)));
  solution(free) = solved;
  return solution.allFinite();
}

// Moves `w` towards `target` until the first coordinate reaches 0, and says whether it came all the way.
bool MoveTowards(const Bounded& problem, const Eigen::VectorXd& target, Eigen::VectorXd& w) {
  double step = 1.0;
  int blocking = -1;
  for (int k = 0; k < problem.bounded; ++k) {
    if (target[k] >= 0.0 || w[k] / (w[k] - target[k]) >= step) continue;
    step = w[k] / (w[k] - target[k]);
    blocking = k;
  }
  if (blocking < 0) {
    w = target;
    return true;
  }
  w += step * (target - w);
  w.head(problem.bounded) = w.head(problem.bounded).cwiseMax(0.0);
  w[blocking] = 0.0;
  return false;
}

// Whether no coordinate at 0 wants to rise.
bool IsOptimal(const Bounded& problem, const Eigen::VectorXd& w, const Eigen::VectorXd& slope) {
  const double scale = problem.side.cwiseAbs().maxCoeff();
  for (int k = 0; k < problem.bounded; ++k) {
    if (w[k] == 0.0 && slope[k] < -kTolerance * scale) return false;
  }
  return true;
}

bool Store(const Eigen::VectorXd& w, float* solution) {
  Eigen::Map<Eigen::VectorXf> result(solution, w.size());
  result = w.cast<float>();
  return result.allFinite();
}

}  // namespace

bool SolveNonNegative(const RowSystem& system, float* solution) {
  const Bounded problem(system);
  if (!problem.IsFinite()) return false;
  Eigen::VectorXd w = Eigen::VectorXd::Zero(problem.size());
  Eigen::VectorXd slope = -problem.side;
  Eigen::VectorXd target;
  // Each round lowers the minimized function, so no support comes back; far fewer rounds are met than
  // allowed.
  for (int round = 0; round < 100 + 3 * problem.size(); ++round) {
    for (int sweep = 0; sweep < kSweeps; ++sweep) Sweep(problem, w, slope);
    if (!SolveFree(problem, Free(problem, w), target)) return false;
    const bool arrived = MoveTowards(problem, target, w);
    slope.noalias() = problem.matrix * w - problem.side;
    if (arrived && IsOptimal(problem, w, slope)) break;
  }
  return Store(w, solution);
}

}  // namespace ridgeline::kernels
