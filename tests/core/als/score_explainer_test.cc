#include "core/als/score_explainer.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/als/row_system.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/als/dense_system.h"
#include "tests/core/als/placed_items.h"
#include "tests/core/als/random_dataset.h"
#include "tests/core/als/trained_model.h"

namespace ridgeline {
namespace {

using testing::StartsWith;

constexpr uint32_t kExplainedUsers = 80;
constexpr uint32_t kExplainedItems = 60;
constexpr uint32_t kUser = 4;

struct Explained {
  explicit Explained(const Hyperparameters& hyperparameters)
      : dataset(RandomDataset(hyperparameters.feedback, kExplainedUsers, kExplainedItems, 0.3, 1)),
        model(TrainedModel(dataset, hyperparameters)),
        history(RowHistory(dataset.by_user, kUser)),
        explainer(ScoreExplainer::Create(*model, history).value()) {}

  Dataset dataset;
  std::shared_ptr<const FactorModel> model;
  History history;
  ScoreExplainer explainer;
};

TEST(ScoreExplainer, HasPartsThatSumToTheScore) {
  for (const Hyperparameters& hyperparameters : AllFormsAndOptions(12)) {
    const Explained explained(hyperparameters);
    for (uint32_t item = 0; item < kExplainedItems; ++item) {
      const ScoreExplanation explanation = explained.explainer.Explain(item).value();
      EXPECT_EQ(explanation.score, explained.model->Score(explained.model->User(kUser), item));
      EXPECT_EQ(explanation.parts.size(), explained.history.size());
      if (!hyperparameters.implicit_biases) {
        EXPECT_EQ(explanation.unobserved, 0.0f);
      }
      double sum = double{explanation.global_mean} + explanation.unobserved;
      sum += double{explanation.user_bias} + double{explanation.item_bias};
      for (const ScorePart& part : explanation.parts) sum += part.contribution;
      EXPECT_NEAR(sum, explanation.score, 2e-5) << Describe(hyperparameters) << ", item " << item;
    }
  }
}

TEST(ScoreExplainer, HasPartsThatSumToTheScoreOfAndByPlacedItems) {
  for (const Hyperparameters& hyperparameters : AllFormsAndOptions(12)) {
    const Explained explained(hyperparameters);
    const auto model = WithPlacedItems(*explained.model);
    History history = explained.history;
    history.rows.push_back(kExplainedItems + 1);
    history.values.push_back(2.0f);
    const ScoreExplanation explanation =
        ScoreExplainer::Create(*model, history).value().Explain(kExplainedItems + 2).value();
    double sum = double{explanation.global_mean} + explanation.unobserved;
    sum += double{explanation.user_bias} + double{explanation.item_bias};
    for (const ScorePart& part : explanation.parts) sum += part.contribution;
    EXPECT_NEAR(sum, explanation.score, 5e-5) << Describe(hyperparameters);
  }
}

TEST(ScoreExplainer, HasThePartsOfTheDenseInverse) {
  for (const Hyperparameters& hyperparameters : AllForms(12)) {
    const Explained explained(hyperparameters);
    HalfStepWorkspace workspace;
    const kernels::RowSystem system = BuildRowSystem(FixedItems(*explained.model), explained.history.rows,
                                                     explained.history.values, workspace);
    const Eigen::MatrixXd inverse = DenseMatrix(system).inverse();
    const auto row_of = [&](uint32_t item, float last) {
      Eigen::VectorXd row = Eigen::VectorXd::Constant(system.dimension(), last);
      for (int k = 0; k < 12; ++k) row(k) = explained.model->items().Row(item)[static_cast<size_t>(k)];
      return row;
    };
    const ScoreExplanation explanation = explained.explainer.Explain(7).value();
    for (const ScorePart& part : explanation.parts) {
      const auto at = std::find(explained.history.rows.begin(), explained.history.rows.end(), part.item_row) -
                      explained.history.rows.begin();
      const double expected = row_of(7, 0.0f).dot(inverse * row_of(part.item_row, 1.0f)) * system.targets[at];
      EXPECT_NEAR(part.contribution, expected, 1e-5) << Describe(hyperparameters);
    }
  }
}

TEST(ScoreExplainer, PutsTheLargestPartFirst) {
  const Explained explained(AllForms(12).back());
  const std::vector<ScorePart> parts = explained.explainer.Explain(2)->parts;
  EXPECT_TRUE(std::is_sorted(parts.begin(), parts.end(), [](const ScorePart& a, const ScorePart& b) {
    return std::abs(a.contribution) > std::abs(b.contribution);
  }));
}

TEST(ScoreExplainer, OfAnEmptyHistoryHasNoParts) {
  for (const Hyperparameters& hyperparameters : AllFormsAndOptions(4)) {
    const Explained explained(hyperparameters);
    const ScoreExplainer explainer = ScoreExplainer::Create(*explained.model, {}).value();
    const ScoreExplanation explanation = explainer.Explain(2).value();
    EXPECT_TRUE(explanation.parts.empty());
    EXPECT_EQ(explanation.user_bias, 0.0f);
    EXPECT_EQ(explanation.unobserved, 0.0f);
  }
}

TEST(ScoreExplainer, RefusesAHistoryThatMakesNoSense) {
  const Explained explained(AllForms(4).back());
  const absl::Status status = ScoreExplainer::Create(*explained.model, {{kExplainedItems}, {1.0f}}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), StartsWith("history:"));
}

TEST(ScoreExplainer, NamesAnItemOutOfRange) {
  const absl::Status status = Explained(AllForms(4).back()).explainer.Explain(kExplainedItems).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), StartsWith("item_row:"));
}

}  // namespace
}  // namespace ridgeline
