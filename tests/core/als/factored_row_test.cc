#include "core/als/factored_row.h"

#include <Eigen/Dense>
#include <limits>
#include <vector>

#include "core/als/history.h"
#include "core/als/row_system.h"
#include "gtest/gtest.h"
#include "tests/core/als/dense_system.h"
#include "tests/core/als/random_dataset.h"
#include "tests/core/als/trained_model.h"

namespace ridgeline {
namespace {

constexpr double kTolerance = 1e-9;

std::vector<double> Ramp(int size) {
  std::vector<double> values;
  for (int k = 0; k < size; ++k) values.push_back(1.0 + 0.5 * k);
  return values;
}

Eigen::Map<const Eigen::VectorXd> AsVector(const std::vector<double>& values) {
  return {values.data(), static_cast<Eigen::Index>(values.size())};
}

// The system of one user in each form of the loss, with more entries than a block has.
template <typename Visit>
void ForEachSystem(const Visit& visit) {
  for (const Hyperparameters& hyperparameters : AllFormsAndOptions(7)) {
    const Dataset dataset = RandomDataset(hyperparameters.feedback, 30, 400, 0.5, 1);
    const auto model = TrainedModel(dataset, hyperparameters);
    const History history = RowHistory(dataset.by_user, 2);
    HalfStepWorkspace workspace;
    SCOPED_TRACE(Describe(hyperparameters));
    visit(BuildRowSystem(FixedItems(*model), history.rows, history.values, workspace));
  }
}

TEST(FactoredRow, SolvesTheDenseSystem) {
  ForEachSystem([](const kernels::RowSystem& system) {
    const FactoredRow row = FactoredRow::Create(system).value();
    ASSERT_EQ(row.dimension(), system.dimension());
    const std::vector<double> side = Ramp(row.dimension());
    std::vector<double> solved = side;
    row.Solve(absl::MakeSpan(solved));
    const Eigen::VectorXd back = DenseMatrix(system) * AsVector(solved);
    EXPECT_LT((back - AsVector(side)).norm(), kTolerance * AsVector(side).norm());
  });
}

TEST(FactoredRow, ColorsNoiseToTheInverseOfTheMatrix) {
  ForEachSystem([](const kernels::RowSystem& system) {
    const FactoredRow row = FactoredRow::Create(system).value();
    const int size = row.dimension();
    Eigen::MatrixXd colors(size, size);  // L^-T
    for (int k = 0; k < size; ++k) {
      std::vector<double> unit(static_cast<size_t>(size), 0.0);
      unit[static_cast<size_t>(k)] = 1.0;
      row.Color(absl::MakeSpan(unit));
      colors.col(k) = AsVector(unit);
    }
    const Eigen::MatrixXd identity = colors * colors.transpose() * DenseMatrix(system);
    EXPECT_LT((identity - Eigen::MatrixXd::Identity(size, size)).norm(), kTolerance);
  });
}

TEST(FactoredRow, HoldsTheOtherCoordinatesAtZero) {
  ForEachSystem([](const kernels::RowSystem& system) {
    const std::vector<int> free = {1, 4, 5};
    const FactoredRow row = FactoredRow::Create(system, free).value();
    const std::vector<double> side = Ramp(row.dimension());
    std::vector<double> solved = side;
    row.Solve(absl::MakeSpan(solved));
    const Eigen::MatrixXd part = DenseMatrix(system)(free, free);
    const Eigen::VectorXd expected = part.fullPivLu().solve(Eigen::VectorXd(AsVector(side)(free)));
    EXPECT_LT((AsVector(solved)(free) - expected).norm(), kTolerance * expected.norm());
    for (const size_t held : {0, 2, 3, 6}) EXPECT_EQ(solved[held], 0.0);
  });
}

TEST(FactoredRow, OfNothingFreeIsZero) {
  ForEachSystem([](const kernels::RowSystem& system) {
    const FactoredRow row = FactoredRow::Create(system, {}).value();
    std::vector<double> solved = Ramp(row.dimension());
    row.Solve(absl::MakeSpan(solved));
    EXPECT_EQ(AsVector(solved).norm(), 0.0);
  });
}

TEST(FactoredRow, TakesABaseThatIsDiagonal) {
  const std::vector<float> diagonal = {2.0f, 3.0f}, ridge = {1.0f, 1.0f};
  kernels::RowSystem system;
  system.factor_count = 2;
  system.base_diagonal = diagonal.data();
  system.base_scale = 0.5f;
  system.ridge = ridge.data();
  std::vector<double> solved = {4.0, 5.0};
  FactoredRow::Create(system).value().Solve(absl::MakeSpan(solved));
  EXPECT_DOUBLE_EQ(solved[0], 2.0);
  EXPECT_DOUBLE_EQ(solved[1], 2.0);
}

TEST(FactoredRow, RefusesAMatrixThatIsNotPositiveDefinite) {
  for (const float bad :
       {0.0f, -1.0f, std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    const std::vector<float> ridge = {1.0f, bad};
    kernels::RowSystem system;
    system.factor_count = 2;
    system.ridge = ridge.data();
    EXPECT_EQ(FactoredRow::Create(system).status().code(), absl::StatusCode::kInternal) << bad;
  }
}

}  // namespace
}  // namespace ridgeline
