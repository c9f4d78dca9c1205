#include "gmock/gmock.h"
#include "ridgeline/v1/recommendation_service.pb.h"
#include "tests/client/cli/run_cli.h"

namespace ridgeline {
namespace {

class ScoreCommandTest : public CliTest {};

TEST_F(ScoreCommandTest, PrintsScoresAndSaysWhichItemsHaveNone) {
  v1::ScoreItemsResponse response;
  response.set_source(v1::SOURCE_MODEL);
  response.set_model_version("v1");
  response.add_scores()->set_item_id("a");
  response.mutable_scores(0)->set_score(0);
  response.add_scores()->set_item_id("b");
  server_.Respond(response);
  const CliRun run = Run({"score", "--user", "42", "--item", "a,b"});
  EXPECT_EQ(run.out, "ITEM         SCORE\na           0.0000\nb     unknown item\nMODEL by model v1\n");
  EXPECT_THAT(server_.Last<v1::ScoreItemsRequest>().item_ids(), testing::ElementsAre("a", "b"));
}

TEST_F(ScoreCommandTest, TakesAVector) {
  ASSERT_EQ(Run({"score", "--vector", "1,-2", "--vector-bias", "0.5", "--item", "a"}).code, ExitCode::kOk);
  const auto sent = server_.Last<v1::ScoreItemsRequest>();
  EXPECT_THAT(sent.vector().factors(), testing::ElementsAre(1, -2));
  EXPECT_EQ(sent.vector().bias(), 0.5f);
}

TEST_F(ScoreCommandTest, WantsItemsAndASubject) {
  EXPECT_EQ(Run({"score", "--user", "42"}).code, ExitCode::kUsage);
  EXPECT_EQ(Run({"score", "--item", "a"}).code, ExitCode::kUsage);
}

}  // namespace
}  // namespace ridgeline
