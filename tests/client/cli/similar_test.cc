#include "gmock/gmock.h"
#include "ridgeline/v1/recommendation_service.pb.h"
#include "tests/client/cli/run_cli.h"

namespace ridgeline {
namespace {

class SimilarCommandTest : public CliTest {};

TEST_F(SimilarCommandTest, PrintsNeighboursOfAnItem) {
  v1::SimilarItemsResponse response;
  response.set_model_version("v1");
  response.add_items()->set_item_id("openssl");
  response.mutable_items(0)->set_similarity(0.875f);
  server_.Respond(response);
  const CliRun run = Run({"similar", "libssl3", "-k", "1", "--exclude", "curl"});
  EXPECT_EQ(run.out, "ITEM     COSINE\nopenssl  0.8750\nby model v1\n");
  const auto sent = server_.Last<v1::SimilarItemsRequest>();
  EXPECT_EQ(sent.item_id(), "libssl3");
  EXPECT_EQ(sent.k(), 1);
  EXPECT_EQ(sent.filter().exclude_item_ids(0), "curl");
}

TEST_F(SimilarCommandTest, PrintsNeighboursOfAUser) {
  v1::SimilarUsersResponse response;
  response.set_model_version("v1");
  response.set_source(v1::SOURCE_FOLD_IN);
  response.add_users()->set_user_id("7");
  server_.Respond(response);
  const CliRun run = Run({"similar", "--user", "42"});
  EXPECT_EQ(run.out, "USER  COSINE\n7     0.0000\nFOLD_IN by model v1\n");
  EXPECT_EQ(server_.Last<v1::SimilarUsersRequest>().user_id(), "42");
}

TEST_F(SimilarCommandTest, PrintsJson) {
  EXPECT_EQ(Run({"similar", "a", "--json"}).out,
            "{\"items\":[],\"model_version\":\"\",\"unknown_item_ids\":[]}\n");
  EXPECT_EQ(Run({"similar", "-u", "a", "--json"}).out,
            "{\"users\":[],\"source\":\"SOURCE_UNSPECIFIED\",\"model_version\":\"\"}\n");
}

TEST_F(SimilarCommandTest, WantsEitherAnItemOrAUserAndFiltersForItemsOnly) {
  EXPECT_EQ(Run({"similar"}).code, ExitCode::kUsage);
  EXPECT_EQ(Run({"similar", "a", "--user", "b"}).code, ExitCode::kUsage);
  EXPECT_EQ(Run({"similar", "--user", "b", "--tag-any", "x"}).code, ExitCode::kUsage);
  EXPECT_EQ(server_.calls(), 0);
}

}  // namespace
}  // namespace ridgeline
