#include "core/lab/retrieval_timing.h"

#include "core/retrieval/naive_scan.h"
#include "gtest/gtest.h"
#include "tests/core/retrieval/random_model.h"

namespace ridgeline {
namespace {

TEST(TimeRetrieval, AnswersAsTheNaiveScanAndTimesEachRound) {
  const auto model = RandomModel(3, 30, 500, 6, Numbers::kCoarse);
  const ItemIndex index(model);
  std::vector<RetrievalQuery> queries(30);
  for (uint32_t user = 0; user < 30; ++user) queries[user].vector = model->users().Row(user);
  ItemFilter filter = ItemFilter::Only(500, {4, 17, 99, 100});
  filter.Forbid(99);
  Arena arena(2);
  for (const bool filtered : {false, true}) {
    for (const int batch : {1, 8}) {
      RetrievalTimingOptions options;
      options.batch = batch;
      options.repeat = 3;
      if (filtered) options.allowed = {4, 17, 99, 100};
      if (filtered) options.excluded = {99};
      const RetrievalTiming timing = TimeRetrieval(index, queries, 500, options, arena);
      EXPECT_EQ(timing.seconds.size(), 3u);
      for (const double seconds : timing.seconds) EXPECT_GT(seconds, 0.0);
      ASSERT_EQ(timing.answers.size(), queries.size());
      for (size_t q = 0; q < queries.size(); ++q) {
        RetrievalQuery query = queries[q];
        query.filter = filtered ? &filter : nullptr;
        const auto expected = NaiveTopK(*model, query);
        ASSERT_EQ(timing.answers[q].size(), expected.size());
        for (size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(timing.answers[q][i].row, expected[i].row);
      }
    }
  }
}

}  // namespace
}  // namespace ridgeline
