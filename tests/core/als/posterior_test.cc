#include "core/als/posterior.h"

#include <Eigen/Dense>
#include <cmath>
#include <limits>
#include <string>

#include "core/als/fold_in.h"
#include "core/als/row_system.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/als/dense_system.h"
#include "tests/core/als/random_dataset.h"
#include "tests/core/als/trained_model.h"

namespace ridgeline {
namespace {

using testing::StartsWith;

constexpr uint32_t kPosteriorUsers = 60;
constexpr uint32_t kPosteriorItems = 40;
constexpr int kPosteriorFactors = 4;

// Forms of the loss whose posterior is normal.
std::vector<Hyperparameters> NormalForms() {
  std::vector<Hyperparameters> forms;
  for (const Hyperparameters& form : AllFormsAndOptions(kPosteriorFactors)) {
    if (!form.non_negative) forms.push_back(form);
  }
  return forms;
}

// One user of a trained model.
struct Subject {
  explicit Subject(const Hyperparameters& hyperparameters)
      : dataset(RandomDataset(hyperparameters.feedback, kPosteriorUsers, kPosteriorItems, 0.3, 1)),
        model(TrainedModel(dataset, hyperparameters)),
        history(RowHistory(dataset.by_user, 3)),
        mean(FoldInUser(*model, history).value()) {}

  absl::StatusOr<UserVector> Sample(double scale, uint64_t seed) const {
    return SamplePosterior(*model, history, mean, scale, Random(seed));
  }

  Eigen::MatrixXd DenseInverse() const {
    HalfStepWorkspace workspace;
    return DenseMatrix(BuildRowSystem(FixedItems(*model), history.rows, history.values, workspace)).inverse();
  }

  Dataset dataset;
  std::shared_ptr<const FactorModel> model;
  History history;
  UserVector mean;
};

// `sample` less `mean` over `scale`, with the bias last where there is one more than factors.
Eigen::VectorXd Deviation(const UserVector& sample, const UserVector& mean, double scale, Eigen::Index size) {
  Eigen::VectorXd deviation(size);
  for (int k = 0; k < kPosteriorFactors; ++k) {
    const auto at = static_cast<size_t>(k);
    deviation(k) = (double{sample.factors[at]} - double{mean.factors[at]}) / scale;
  }
  if (size > kPosteriorFactors)
    deviation(kPosteriorFactors) = (double{sample.bias} - double{mean.bias}) / scale;
  return deviation;
}

TEST(SamplePosterior, HasTheCovarianceOfTheDenseInverseAndTheMeanOfTheSolve) {
  constexpr int kSamples = 20'000;
  constexpr double kScale = 0.7;
  for (const Hyperparameters& hyperparameters : NormalForms()) {
    const Subject subject(hyperparameters);
    const Eigen::MatrixXd expected = subject.DenseInverse();
    Eigen::VectorXd sum = Eigen::VectorXd::Zero(expected.rows());
    Eigen::MatrixXd squares = Eigen::MatrixXd::Zero(expected.rows(), expected.rows());
    for (uint64_t seed = 0; seed < kSamples; ++seed) {
      const UserVector sample = subject.Sample(kScale, seed).value();
      const Eigen::VectorXd deviation = Deviation(sample, subject.mean, kScale, expected.rows());
      sum += deviation;
      squares += deviation * deviation.transpose();
    }
    // A sample covariance of n draws is off by about sqrt((dimension + 1) / n) of its norm: 0.017 here.
    EXPECT_LT((squares / kSamples - expected).norm(), 0.05 * expected.norm()) << Describe(hyperparameters);
    EXPECT_LT((sum / kSamples).norm(), 0.05 * std::sqrt(expected.trace())) << Describe(hyperparameters);
  }
}

TEST(SamplePosterior, IsWiderForWhoIsKnownLess) {
  Subject subject(AllForms(kPosteriorFactors).back());
  const double known = subject.DenseInverse().trace();
  subject.history = {{subject.history.rows.front()}, {subject.history.values.front()}};
  EXPECT_GT(subject.DenseInverse().trace(), 1.5 * known);
}

TEST(SamplePosterior, RepeatsWithItsSeedAndDiffersWithAnother) {
  for (const Hyperparameters& hyperparameters : NormalForms()) {
    const Subject subject(hyperparameters);
    const UserVector sample = subject.Sample(1.0, 5).value();
    EXPECT_EQ(sample.factors, subject.Sample(1.0, 5)->factors);
    EXPECT_NE(sample.factors, subject.Sample(1.0, 6)->factors);
    EXPECT_EQ(sample.bias != subject.mean.bias, HasBiases(hyperparameters));
  }
}

TEST(SamplePosterior, DoesNotDependOnTheOrderOfTheHistory) {
  const Subject subject(AllForms(kPosteriorFactors).back());
  const History reversed = {{subject.history.rows.rbegin(), subject.history.rows.rend()},
                            {subject.history.values.rbegin(), subject.history.values.rend()}};
  EXPECT_EQ(SamplePosterior(*subject.model, reversed, subject.mean, 1.0, Random(1))->factors,
            subject.Sample(1.0, 1)->factors);
}

TEST(SamplePosterior, OfScaleZeroIsTheMeanToTheBit) {
  for (const Hyperparameters& hyperparameters : NormalForms()) {
    const Subject subject(hyperparameters);
    const UserVector sample = subject.Sample(0.0, 5).value();
    EXPECT_EQ(sample.factors, subject.mean.factors);
    EXPECT_EQ(sample.bias, subject.mean.bias);
  }
}

TEST(SamplePosterior, NamesWhatIsWrong) {
  const Subject subject(AllForms(kPosteriorFactors).back());
  const auto expect = [](const absl::StatusOr<UserVector>& sample, const std::string& start) {
    EXPECT_EQ(sample.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(sample.status().message()), StartsWith(start));
  };
  expect(subject.Sample(-1.0, 1), "scale:");
  expect(subject.Sample(std::numeric_limits<double>::infinity(), 1), "scale:");
  expect(SamplePosterior(*subject.model, {}, subject.mean, 1.0, Random(1)), "history:");
  expect(SamplePosterior(*subject.model, {{kPosteriorItems}, {1.0f}}, subject.mean, 1.0, Random(1)),
         "history:");
  expect(SamplePosterior(*subject.model, subject.history, {{1.0f}, 0.0f}, 1.0, Random(1)), "mean:");
}

TEST(SamplePosterior, IsRefusedWhereItIsNotNormal) {
  Hyperparameters hyperparameters = AllForms(kPosteriorFactors).back();
  hyperparameters.non_negative = true;
  EXPECT_EQ(Subject(hyperparameters).Sample(1.0, 1).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(SamplePosterior, ReportsNumbersThatOverflow) {
  const Subject subject(AllForms(kPosteriorFactors).back());
  EXPECT_EQ(subject.Sample(1e300, 1).status().code(), absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace ridgeline
