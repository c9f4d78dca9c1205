#include "core/lab/cold_items_command.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/lab/lab_run.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::Not;

// Users like one of three kinds of items, and the items' tags say which kind they are.
class ColdItemsCommandTest : public testing::Test {
 protected:
  ColdItemsCommandTest() {
    Random random(1);
    std::string ratings = "user,item,rating\n", items = "id,title,tags\n";
    for (int item = 0; item < 120; ++item) absl::StrAppend(&items, item, ",,kind ", item % 3, "|thing\n");
    for (int user = 0; user < 150; ++user) {
      for (int item = 0; item < 120; ++item) {
        const bool liked = user % 3 == item % 3;
        if (random.Uniform() > (liked ? 0.3 : 0.1)) continue;
        absl::StrAppend(&ratings, user, ",", item, ",", (liked ? 4 : 1) + random.Below(2), "\n");
      }
    }
    ratings_ = directory_.Write("ratings.csv", ratings);
    items_ = directory_.Write("items.csv", items);
  }

  LabRun Run(const std::vector<std::string>& arguments) const {
    return RunLabWith(Joined({"cold-items", "--train", ratings_, "--items", items_, "--threads", "2",
                              "--factors", "8", "--iterations", "6"},
                             arguments));
  }

  // The metric of every placement and number known.
  static std::map<std::pair<std::string, int>, double> Metrics(const LabRun& run, const char* group,
                                                               const char* metric) {
    std::map<std::pair<std::string, int>, double> metrics;
    const auto json = run.Json();
    for (const auto& row : json["placements"]) {
      if (row[group].contains(metric)) metrics[{row["placement"], row["known"]}] = row[group][metric];
    }
    return metrics;
  }

  const TempDir directory_;
  std::string ratings_, items_;
  const std::vector<std::string> implicit_ = {"--feedback", "implicit", "--positive-threshold", "4"};
};

TEST_F(ColdItemsCommandTest, TagsThatTellTheKindPlaceItemsBetterThanNone) {
  const LabRun run = Run(Joined(implicit_, {"--json"}));
  ASSERT_EQ(run.exit_code, kExitOk) << run.err;
  const auto json = run.Json();
  EXPECT_EQ(json["tags"], 4);
  EXPECT_EQ(json["items"], json["tagged_items"]);
  auto ndcg = Metrics(run, "held_out_alone", "ndcg@20");
  EXPECT_GT((ndcg[{"attributes", 0}]), (ndcg[{"average", 0}]) + 0.1);
  EXPECT_GT((ndcg[{"attributes", 0}]), (ndcg[{"random", 0}]) + 0.1);
  EXPECT_GT((ndcg[{"blend", 1}]), (ndcg[{"average", 0}]) + 0.1);
  EXPECT_EQ((ndcg[{"blend", 0}]), (ndcg[{"attributes", 0}]));
  EXPECT_EQ((ndcg[{"fold_in", 0}]), (ndcg[{"average", 0}]));
  EXPECT_EQ(ndcg.count({"none", 0}), 0u);
  EXPECT_EQ(ndcg.size(), 2u + 2u + 2u * 4u);
  EXPECT_EQ(Metrics(run, "other_items", "ndcg@20").count({"none", 0}), 1u);
}

TEST_F(ColdItemsCommandTest, PrintsATableForPeople) {
  const LabRun run = Run(Joined(implicit_, {"--known", "2,2,5", "--metrics", "ndcg@5"}));
  ASSERT_EQ(run.exit_code, kExitOk) << run.err;
  EXPECT_THAT(run.out, HasSubstr("items held out"));
  EXPECT_THAT(run.out, HasSubstr("attributes      0"));
  EXPECT_THAT(run.out, HasSubstr("blend           5"));
  EXPECT_THAT(run.out, Not(HasSubstr("blend           0")));
}

TEST_F(ColdItemsCommandTest, MeasuresRatingsByTheirError) {
  const LabRun run = Run({"--feedback", "explicit", "--json"});
  ASSERT_EQ(run.exit_code, kExitOk) << run.err;
  auto rmse = Metrics(run, "held_out_alone", "rmse");
  EXPECT_LT((rmse[{"attributes", 0}]), (rmse[{"average", 0}]) - 0.2);
  EXPECT_EQ(rmse.count({"popular", 0}), 0u);
}

TEST_F(ColdItemsCommandTest, DoesNotBlendWhereFactorsMayNotBeBelowZero) {
  const LabRun run = Run(Joined(implicit_, {"--non-negative", "--json"}));
  ASSERT_EQ(run.exit_code, kExitOk) << run.err;
  auto ndcg = Metrics(run, "held_out_alone", "ndcg@20");
  EXPECT_EQ(ndcg.count({"blend", 1}), 0u);
  EXPECT_GT((ndcg[{"attributes", 0}]), (ndcg[{"random", 0}]) + 0.1);
}

TEST_F(ColdItemsCommandTest, RepeatsFromItsSeed) {
  const LabRun one = Run(Joined(implicit_, {"--json"})), again = Run(Joined(implicit_, {"--json"}));
  EXPECT_EQ(one.out, again.out);
  EXPECT_NE(one.out, Run(Joined(implicit_, {"--json", "--seed", "2"})).out);
}

TEST_F(ColdItemsCommandTest, BadFlagsAreRefusedBeforeAnyWork) {
  const auto expect_usage = [&](const std::vector<std::string>& arguments, const std::string& reason) {
    const LabRun run = RunLabWith(Joined(
        {"cold-items", "--train", "absent", "--items", "absent", "--feedback", "implicit"}, arguments));
    EXPECT_EQ(run.exit_code, kExitUsage) << reason;
    EXPECT_THAT(run.err, HasSubstr(reason));
  };
  expect_usage({"--share", "0"}, "--share: must be between 0 and 1");
  expect_usage({"--share", "nan"}, "--share: must be between 0 and 1");
  expect_usage({"--warm-share", "1"}, "--warm-share: must be between 0 and 1");
  expect_usage({"--known", "1,x"}, "--known: must be numbers");
  expect_usage({"--known=-1"}, "--known: must be numbers");
  expect_usage({"--known", "1,,2"}, "--known: must be numbers");
  expect_usage({"--max-tags", "0"}, "--max-tags: must be between 1 and 2048");
  expect_usage({"--max-tags", "2049"}, "--max-tags: must be between 1 and 2048");
  expect_usage({"--metrics", "rmse"}, "--metrics: rmse and mae are of ratings");
  expect_usage({"--metrics", "beauty"}, "--metrics");
  expect_usage({"--algorithm", "bpr"}, "--algorithm: items are placed in models of als");
  expect_usage({"--factors", "0"}, "--factors");
}

TEST_F(ColdItemsCommandTest, SaysWhichFileCannotBeUsed) {
  LabRun run = RunLabWith({"cold-items", "--train", ratings_, "--items", directory_.File("absent.csv"),
                           "--feedback", "implicit"});
  EXPECT_EQ(run.exit_code, kExitFailure);
  EXPECT_THAT(run.err, HasSubstr("absent.csv"));
  const std::string tiny = directory_.Write("tiny.csv", "u,i\n");
  run = RunLabWith({"cold-items", "--train", tiny, "--items", items_, "--feedback", "implicit"});
  EXPECT_EQ(run.exit_code, kExitFailure);
  EXPECT_THAT(run.err, HasSubstr("tiny.csv: too little to train on"));
}

}  // namespace
}  // namespace ridgeline
