#include "core/evaluation/evaluator.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "absl/strings/str_cat.h"
#include "core/als/fold_in.h"
#include "core/base/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::StartsWith;

using Triple = std::tuple<uint32_t, uint32_t, float>;  // row, column, value, in order

CsrMatrix Matrix(uint32_t rows, uint32_t columns, const std::vector<Triple>& entries) {
  CsrMatrix matrix;
  matrix.rows = rows;
  matrix.columns = columns;
  matrix.offsets.assign(rows + 1, 0);
  for (const auto& [row, column, value] : entries) {
    ++matrix.offsets[row + 1];
    matrix.column_indices.push_back(column);
    matrix.values.push_back(value);
  }
  for (uint32_t row = 0; row < rows; ++row) matrix.offsets[row + 1] += matrix.offsets[row];
  return matrix;
}

std::shared_ptr<const IdMap> Ids(size_t count) {
  std::vector<std::string> ids;
  for (size_t i = 0; i < count; ++i) ids.push_back(absl::StrCat("id", i));
  return std::make_shared<const IdMap>(IdMap::FromIds(ids).value());
}

// 3 users, 4 items, K = 1, explicit, mu = 3; item 3 was not in the training data.
FactorModelParts SmallParts() {
  FactorModelParts parts;
  parts.hyperparameters.feedback = Feedback::kExplicit;
  parts.hyperparameters.factors = 1;
  parts.global_mean = 3.0;
  parts.user_ids = Ids(3);
  parts.item_ids = Ids(4);
  parts.users = {1, {1.0f, -1.0f, 0.0f}, {0.5f, 0.0f, 0.0f}};
  parts.items = {1, {1.0f, 0.0f, -1.0f, 0.0f}, {0.0f, 0.25f, 0.0f, 0.0f}};
  parts.item_popularity = {1.0f, 2.0f, 4.0f, 0.0f};
  return parts;
}

std::shared_ptr<const FactorModel> SmallModel() {
  return FactorModel::Create(SmallParts()).value();
}

std::map<std::string, double> Measure(const FactorModel& model, const HeldOut& held_out,
                                      const std::string& metrics, int threads = 2) {
  Arena arena(threads);
  const auto measured = Evaluate(model, held_out, ParseMetrics(metrics).value(), arena);
  EXPECT_TRUE(measured.ok()) << measured.status();
  return measured.ok() ? *measured : std::map<std::string, double>();
}

TEST(Evaluator, RatingErrorsAreAveragedOverRatings) {
  // Predictions: user 0 item 0: 4.5, item 2: 2.5; user 1 item 1: 3.25.
  const HeldOut held_out = {Matrix(3, 4, {{0, 1, 5}, {1, 0, 1}}),
                            Matrix(3, 4, {{0, 0, 5}, {0, 2, 2}, {1, 1, 2.25}})};
  const auto metrics = Measure(*SmallModel(), held_out, "rmse,mae");
  EXPECT_NEAR(metrics.at("rmse"), std::sqrt((0.25 + 0.25 + 1.0) / 3), 1e-6);
  EXPECT_NEAR(metrics.at("mae"), (0.5 + 0.5 + 1.0) / 3, 1e-6);
}

TEST(Evaluator, KnownItemsAreNotAnsweredAndAveragesAreOverTestedUsers) {
  // User 0 ranks 0, 1, 2 and knows 0: answers 1, 2. User 1 ranks 2, 1, 0 and knows nothing of these but 1: 2,
  // 0.
  const HeldOut held_out = {Matrix(3, 4, {{0, 0, 5}, {1, 1, 5}}), Matrix(3, 4, {{0, 1, 5}, {1, 0, 5}})};
  const auto metrics = Measure(*SmallModel(), held_out, "recall@1,recall@2");
  EXPECT_DOUBLE_EQ(metrics.at("recall@1"), 0.5);
  EXPECT_DOUBLE_EQ(metrics.at("recall@2"), 1.0);
}

TEST(Evaluator, UsersWithoutKnownEntriesGetThePopularItems) {
  const HeldOut held_out = {Matrix(3, 4, {}), Matrix(3, 4, {{0, 2, 5}})};
  EXPECT_DOUBLE_EQ(Measure(*SmallModel(), held_out, "hit_rate@1").at("hit_rate@1"), 1.0);
}

TEST(Evaluator, ItemsOutsideTheTrainingDataCannotBeHitButCount) {
  const HeldOut held_out = {Matrix(3, 4, {{0, 0, 5}}), Matrix(3, 4, {{0, 1, 5}, {0, 3, 5}})};
  EXPECT_DOUBLE_EQ(Measure(*SmallModel(), held_out, "recall@10").at("recall@10"), 0.5);
}

TEST(Evaluator, CoverageCountsDistinctAnswersOverAnswerableItems) {
  const HeldOut held_out = {Matrix(3, 4, {{0, 0, 5}, {1, 1, 5}}), Matrix(3, 4, {{0, 1, 5}, {1, 0, 5}})};
  const auto metrics = Measure(*SmallModel(), held_out, "coverage@1,coverage@2");
  EXPECT_DOUBLE_EQ(metrics.at("coverage@1"), 2.0 / 3);
  EXPECT_DOUBLE_EQ(metrics.at("coverage@2"), 1.0);
}

TEST(Evaluator, StrongGeneralizationRanksByTheFoldedInVector) {
  FactorModelParts parts = SmallParts();
  parts.users = {1, {0.0f, 0.0f, 0.0f}, {0.0f, 0.0f, 0.0f}};
  const auto model = FactorModel::Create(parts).value();
  HeldOut held_out = {Matrix(3, 4, {{2, 0, 1.0f}}), Matrix(3, 4, {{2, 2, 5}})};
  held_out.fold_in_known = true;
  const UserVector folded = FoldInUser(*model, {{0}, {1.0f}}).value();
  const double error = 5.0 - model->Score(folded, 2);
  const auto metrics = Measure(*model, held_out, "rmse,hit_rate@1");
  EXPECT_NEAR(metrics.at("rmse"), std::abs(error), 1e-6);
  // Who dislikes item 0 likes its opposite.
  EXPECT_DOUBLE_EQ(metrics.at("hit_rate@1"), 1.0);
}

TEST(Evaluator, NonsenseIsRefusedByName) {
  Arena arena(1);
  const auto options = ParseMetrics("rmse").value();
  const auto wrong_known =
      Evaluate(*SmallModel(), {Matrix(3, 5, {}), Matrix(3, 4, {{0, 0, 1}})}, options, arena);
  EXPECT_THAT(std::string(wrong_known.status().message()), StartsWith("known:"));
  const auto wrong_test =
      Evaluate(*SmallModel(), {Matrix(3, 4, {}), Matrix(2, 4, {{0, 0, 1}})}, options, arena);
  EXPECT_THAT(std::string(wrong_test.status().message()), StartsWith("test:"));
  const auto empty = Evaluate(*SmallModel(), {Matrix(3, 4, {}), Matrix(3, 4, {})}, options, arena);
  EXPECT_EQ(empty.status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(Evaluator, MetricListsParse) {
  const EvaluationOptions options = ParseMetrics("rmse,recall@20,ndcg@5").value();
  EXPECT_TRUE(options.rmse);
  EXPECT_FALSE(options.mae);
  EXPECT_EQ(options.ranking.size(), 2u);
  for (const char* bad : {"", ",", "rmse,", "rmse, ndcg@5", "RMSE"}) {
    EXPECT_EQ(ParseMetrics(bad).status().code(), absl::StatusCode::kInvalidArgument) << bad;
  }
}

// A random model with its held-out data, large enough for several blocks of users.
class RandomEvaluation : public testing::Test {
 protected:
  static constexpr uint32_t kUsers = 150;
  static constexpr uint32_t kItems = 90;
  static constexpr int kFactors = 5;

  RandomEvaluation() {
    FactorModelParts parts;
    parts.hyperparameters.factors = kFactors;
    parts.user_ids = Ids(kUsers);
    parts.item_ids = Ids(kItems);
    parts.users = RandomSide(kUsers);
    parts.items = RandomSide(kItems);
    for (uint32_t item = 0; item < kItems; ++item)
      parts.item_popularity.push_back(static_cast<float>(item % 7));
    model_ = FactorModel::Create(std::move(parts)).value();
    held_out_ = {RandomMatrix(0.1), RandomMatrix(0.05)};
  }

  FactorMatrix RandomSide(uint32_t rows) {
    FactorMatrix side{kFactors, PageVector<float>(rows * kFactors), std::vector<float>(rows)};
    // Small integers make exact sums and many ties.
    for (float& value : side.values) value = static_cast<float>(random_.Below(3)) - 1.0f;
    for (float& bias : side.biases) bias = static_cast<float>(random_.Below(2));
    return side;
  }

  CsrMatrix RandomMatrix(double density) {
    std::vector<Triple> entries;
    for (uint32_t user = 0; user < kUsers; ++user) {
      for (uint32_t item = 0; item < kItems; ++item) {
        if (user % 10 != 3 && random_.Uniform() < density) entries.push_back({user, item, 1.0f});
      }
    }
    return Matrix(kUsers, kItems, entries);
  }

  // Recall@k of one user by sorting all items.
  double NaiveRecall(uint32_t user, int k) const {
    const auto known = held_out_.known.RowColumns(user);
    const auto test = held_out_.test.RowColumns(user);
    std::vector<std::pair<float, uint32_t>> ranked;
    for (uint32_t item = 0; item < kItems; ++item) {
      const float popularity = model_->item_popularity()[item];
      if (popularity == 0.0f || std::count(known.begin(), known.end(), item) > 0) continue;
      ranked.push_back({known.empty() ? -popularity : -model_->Score(model_->User(user), item), item});
    }
    std::sort(ranked.begin(), ranked.end());
    double hits = 0;
    for (int r = 0; r < std::min<int>(k, ranked.size()); ++r)
      hits += std::count(test.begin(), test.end(), ranked[r].second);
    return hits / test.size();
  }

  Random random_{17};
  std::shared_ptr<const FactorModel> model_;
  HeldOut held_out_;
};

TEST_F(RandomEvaluation, RankingEqualsSortingAllItems) {
  for (int k : {1, 10, 200}) {
    double sum = 0.0;
    int users = 0;
    for (uint32_t user = 0; user < kUsers; ++user) {
      if (held_out_.test.RowEntries(user) == 0) continue;
      sum += NaiveRecall(user, k);
      ++users;
    }
    const std::string name = absl::StrCat("recall@", k);
    EXPECT_NEAR(Measure(*model_, held_out_, name).at(name), sum / users, 1e-12);
  }
}

TEST_F(RandomEvaluation, RepeatsBitForBitAtAnyNumberOfThreads) {
  const std::string metrics = "rmse,mae,recall@10,ndcg@10,map@10,coverage@3";
  const auto one = Measure(*model_, held_out_, metrics, 1);
  for (int threads : {2, 3, 8}) EXPECT_EQ(Measure(*model_, held_out_, metrics, threads), one);
}

TEST(EvaluateEachUser, GivesWhatTheAveragesAreMadeOf) {
  const auto model = SmallModel();
  HeldOut held_out;
  held_out.known = Matrix(3, 4, {{0, 0, 1.0f}, {2, 1, 1.0f}});
  held_out.test = Matrix(3, 4, {{0, 1, 3.0f}, {0, 2, 4.0f}, {2, 0, 2.0f}});
  Arena arena(2);
  const EvaluationOptions options = ParseMetrics("rmse,mae,ndcg@2").value();
  const auto users = EvaluateEachUser(*model, held_out, options, arena, CancellationToken()).value();
  const auto averages = Evaluate(*model, held_out, options, arena).value();
  ASSERT_EQ(users.size(), 2u) << "the user without test entries is left out";
  EXPECT_DOUBLE_EQ(averages.at("rmse"), std::sqrt((users[0].squared_error + users[1].squared_error) / 3));
  EXPECT_DOUBLE_EQ(averages.at("mae"), (users[0].absolute_error + users[1].absolute_error) / 3);
  EXPECT_DOUBLE_EQ(averages.at("ndcg@2"), (users[0].ranking[0] + users[1].ranking[0]) / 2);
  EXPECT_GT(users[0].squared_error, users[1].squared_error);
}

TEST(EvaluateEachUser, RefusesWhatEvaluateRefuses) {
  HeldOut held_out;
  held_out.known = Matrix(3, 4, {});
  held_out.test = Matrix(3, 4, {});
  Arena arena(1);
  const auto refused =
      EvaluateEachUser(*SmallModel(), held_out, EvaluationOptions(), arena, CancellationToken());
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(EvaluateEachUser, StopsWhenItIsCancelled) {
  HeldOut held_out;
  held_out.known = Matrix(3, 4, {});
  held_out.test = Matrix(3, 4, {{0, 1, 3.0f}, {2, 0, 2.0f}});
  CancellationToken cancellation;
  cancellation.Cancel();
  Arena arena(2);
  const auto stopped =
      EvaluateEachUser(*SmallModel(), held_out, ParseMetrics("rmse,ndcg@2").value(), arena, cancellation);
  EXPECT_EQ(stopped.status().code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace ridgeline
