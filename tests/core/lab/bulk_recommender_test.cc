#include "core/lab/bulk_recommender.h"

#include <numeric>

#include "core/retrieval/naive_scan.h"
#include "gtest/gtest.h"
#include "tests/core/retrieval/random_model.h"

namespace ridgeline {
namespace {

constexpr uint32_t kBulkUsers = 150;
constexpr uint32_t kBulkItems = 700;

class BulkRecommenderTest : public testing::Test {
 protected:
  // What scoring and sorting every item says of one user.
  std::vector<ScoredItem> Naive(uint32_t user, const SeenItems& seen, int k) const {
    ItemFilter filter(kBulkItems);
    for (const uint32_t item : seen.Of(user)) filter.Forbid(item);
    RetrievalQuery query;
    query.vector = model_->users().Row(user);
    query.constant = static_cast<float>(model_->global_mean() + model_->users().biases[user]);
    query.k = k;
    query.filter = &filter;
    return NaiveTopK(*model_, query);
  }

  std::string NaiveText(absl::Span<const uint32_t> users, const SeenItems& seen, const BulkOptions& options) {
    std::string text;
    for (const uint32_t user : users) {
      AppendRecommendations(options.format, model_->user_ids().Id(user), Naive(user, seen, options.k),
                            model_->item_ids(), &text);
    }
    return text;
  }

  SeenItems RandomSeen() const {
    Random random(5);
    std::vector<std::pair<uint32_t, uint32_t>> pairs;
    for (int n = 0; n < 5000; ++n) pairs.emplace_back(random.Below(kBulkUsers), random.Below(kBulkItems));
    return SeenItems::FromPairs(kBulkUsers, pairs);
  }

  const std::shared_ptr<const FactorModel> model_ =
      RandomModel(3, kBulkUsers, kBulkItems, 6, Numbers::kCoarse);
};

TEST_F(BulkRecommenderTest, EqualsTheNaiveScanWithAndWithoutSeenItems) {
  const SeenItems seen = RandomSeen();
  const SeenItems nothing(kBulkUsers);
  const std::vector<uint32_t> users = {3, 0, 149, 3};
  for (const SeenItems* excluded : {static_cast<const SeenItems*>(nullptr), &seen}) {
    BulkOptions options;
    options.k = 20;
    const auto answers = BulkRecommender(model_, excluded, options).Recommend(users);
    ASSERT_EQ(answers.size(), users.size());
    for (size_t u = 0; u < users.size(); ++u) {
      const auto expected = Naive(users[u], excluded == nullptr ? nothing : seen, 20);
      ASSERT_EQ(answers[u].size(), expected.size());
      for (size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(answers[u][i].row, expected[i].row);
        EXPECT_EQ(answers[u][i].score, expected[i].score);
      }
    }
  }
}

TEST_F(BulkRecommenderTest, WritesAllUsersInOrderWhateverTheBatchAndThreads) {
  const SeenItems seen = RandomSeen();
  std::vector<uint32_t> users(kBulkUsers);
  std::iota(users.begin(), users.end(), 0);
  for (const RecommendationFormat format : {RecommendationFormat::kTsv, RecommendationFormat::kJsonLines}) {
    for (const int batch : {1, 7, 64, 4096}) {
      const BulkOptions options{5, batch, format};
      Arena arena(3);
      std::string text;
      const auto collect = [&](absl::string_view piece) {
        text.append(piece.data(), piece.size());
        return absl::OkStatus();
      };
      ASSERT_TRUE(BulkRecommender(model_, &seen, options).Write(users, arena, collect).ok());
      EXPECT_EQ(text, NaiveText(users, seen, options)) << batch;
    }
  }
}

TEST_F(BulkRecommenderTest, StopsAtTheFirstErrorOfTheSink) {
  std::vector<uint32_t> users(kBulkUsers);
  std::iota(users.begin(), users.end(), 0);
  Arena arena(1);
  int calls = 0;
  const absl::Status status = BulkRecommender(model_, nullptr, {5, 1, RecommendationFormat::kTsv})
                                  .Write(users, arena, [&](absl::string_view) {
                                    return ++calls < 3 ? absl::OkStatus() : absl::UnavailableError("full");
                                  });
  EXPECT_EQ(status.message(), "full");
  EXPECT_EQ(calls, 3);
}

}  // namespace
}  // namespace ridgeline
