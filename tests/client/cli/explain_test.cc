#include "gmock/gmock.h"
#include "ridgeline/v1/recommendation_service.pb.h"
#include "tests/client/cli/run_cli.h"

namespace ridgeline {
namespace {

class ExplainCommandTest : public CliTest {};

TEST_F(ExplainCommandTest, PrintsPartsThatAddUpToTheScore) {
  v1::ExplainResponse response;
  response.set_item_id("1210");
  response.set_score(4.5f);
  response.set_global_mean(3.5f);
  response.set_item_bias(0.25f);
  response.add_parts()->set_item_id("260");
  response.mutable_parts(0)->set_title("Star Wars (1977)");
  response.mutable_parts(0)->set_contribution(0.75f);
  response.set_source(v1::SOURCE_MODEL);
  response.set_model_version("v1");
  server_.Respond(response);
  const CliRun run = Run({"explain", "--user", "42", "--item", "1210", "--max-parts", "5"});
  EXPECT_EQ(run.out,
            "PART                  TITLE               ADDS\n"
            "(mean of all values)                    3.5000\n"
            "(the item's bias)                       0.2500\n"
            "260                   Star Wars (1977)  0.7500\n"
            "= score               1210              4.5000\n"
            "MODEL by model v1\n");
  EXPECT_EQ(server_.Last<v1::ExplainRequest>().max_parts(), 5);
}

TEST_F(ExplainCommandTest, TakesAHistoryButNoVector) {
  ASSERT_EQ(Run({"explain", "--history", "a=2", "--item", "b", "--json"}).code, ExitCode::kOk);
  EXPECT_EQ(server_.Last<v1::ExplainRequest>().history().entries(0).value(), 2);
  EXPECT_EQ(Run({"explain", "--vector", "1,2", "--item", "b"}).code, ExitCode::kUsage);
}

TEST_F(ExplainCommandTest, WantsAnItemAndASubject) {
  EXPECT_EQ(Run({"explain", "--user", "42"}).code, ExitCode::kUsage);
  EXPECT_EQ(Run({"explain", "--item", "a"}).code, ExitCode::kUsage);
}

}  // namespace
}  // namespace ridgeline
