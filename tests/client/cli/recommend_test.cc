#include <string>

#include "gmock/gmock.h"
#include "ridgeline/v1/recommendation_service.pb.h"
#include "tests/client/cli/run_cli.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class RecommendCommandTest : public CliTest {
 protected:
  RecommendCommandTest() {
    v1::RecommendResponse response;
    response.set_source(v1::SOURCE_MODEL);
    response.set_model_version("v000001");
    response.set_recommendation_id("r1");
    v1::Recommendation* item = response.add_recommendations();
    item->set_rank(1);
    item->set_item_id("1210");
    item->set_title("Return of the Jedi (1983)");
    item->set_score(4.5f);
    server_.Respond(response);
  }

  v1::RecommendRequest Sent() const { return server_.Last<v1::RecommendRequest>(); }
};

TEST_F(RecommendCommandTest, PrintsATableWithTitlesAndWhereItCameFrom) {
  const CliRun run = Run({"recommend", "--user", "42"});
  EXPECT_EQ(run.out,
            "RANK  ITEM  TITLE                       SCORE\n"
            "   1  1210  Return of the Jedi (1983)  4.5000\n"
            "MODEL by model v000001; recommendation r1\n");
  EXPECT_EQ(run.err, "");
}

TEST_F(RecommendCommandTest, LeavesDefaultsToTheServer) {
  Run({"recommend", "--user", "42"});
  v1::RecommendRequest expected;
  expected.set_user_id("42");
  EXPECT_EQ(Sent().SerializeAsString(), expected.SerializeAsString());
}

TEST_F(RecommendCommandTest, SendsEveryFlag) {
  const CliRun run =
      Run({"recommend", "--history",      "a=5,b",      "-k",          "3",       "--exclude",
           "x,y",       "--candidate",    "z",          "--tag-any",   "t",       "--boost",
           "tag:T*1.5", "--boost",        "item:I+0.2", "--diversity", "0.25",    "--minimum-score",
           "-1",        "--include-seen", "--explain",  "--max-parts", "2",       "--page-token",
           "p",         "--tag-cap",      "g:*=3",      "--tag-cap",   "Drama=2", "--explore",
           "0.5",       "--seed",         "7"});
  ASSERT_EQ(run.code, ExitCode::kOk) << run.err;
  const v1::RecommendRequest sent = Sent();
  EXPECT_EQ(sent.history().entries_size(), 2);
  EXPECT_EQ(sent.k(), 3);
  EXPECT_THAT(sent.filter().exclude_item_ids(), ElementsAre("x", "y"));
  EXPECT_THAT(sent.filter().candidate_item_ids(), ElementsAre("z"));
  EXPECT_THAT(sent.filter().tags().any(), ElementsAre("t"));
  EXPECT_EQ(sent.boosts(0).multiply(), 1.5f);
  EXPECT_EQ(sent.boosts(1).add(), 0.2f);
  EXPECT_EQ(sent.diversity(), 0.25f);
  EXPECT_EQ(sent.minimum_score(), -1);
  EXPECT_TRUE(sent.include_seen());
  EXPECT_TRUE(sent.explain());
  EXPECT_EQ(sent.max_explanation_parts(), 2);
  EXPECT_EQ(sent.page_token(), "p");
  EXPECT_EQ(sent.tag_caps(0).tag_prefix(), "g:");
  EXPECT_EQ(sent.tag_caps(1).tag(), "Drama");
  EXPECT_EQ(sent.tag_caps(1).max_count(), 2);
  EXPECT_EQ(sent.exploration().scale(), 0.5f);
  EXPECT_EQ(sent.exploration().seed(), 7u);
}

TEST_F(RecommendCommandTest, SendsNumbersOutOfRangeForTheServerToRefuse) {
  Run({"recommend", "--user", "42", "-k", "0"});
  EXPECT_TRUE(Sent().has_k());
  Run({"recommend", "--user", "42", "-k", "-1"});
  EXPECT_EQ(Sent().k(), -1);
  Run({"recommend", "--user", "42", "--minimum-score", "nan"});
  EXPECT_TRUE(std::isnan(Sent().minimum_score()));
  Run({"recommend", "--user", ""});
  EXPECT_EQ(Sent().subject_case(), v1::RecommendRequest::kUserId);
}

TEST_F(RecommendCommandTest, ShowsReasonsUnknownItemsAndTheNextPage) {
  v1::RecommendResponse response;
  v1::Recommendation* item = response.add_recommendations();
  item->set_item_id("1210");
  item->add_parts()->set_title("Star Wars");
  item->mutable_parts(0)->set_contribution(0.314f);
  item->add_parts()->set_item_id("77");
  response.set_next_page_token("token");
  response.add_unknown_item_ids("b");
  response.set_unknown_item_count(1);
  server_.Respond(response);
  const CliRun run = Run({"recommend", "--history", "a,b", "--explain"});
  EXPECT_THAT(run.out, HasSubstr("Star Wars +0.31, 77 +0.00"));
  EXPECT_THAT(run.out, HasSubstr("next page: --page-token token\n"));
  EXPECT_EQ(run.err, "not known to the model: 1 item: b\n");
}

TEST_F(RecommendCommandTest, PrintsProtoJsonForScripts) {
  const CliRun run = Run({"recommend", "--user", "42", "--json"});
  EXPECT_THAT(run.out, HasSubstr(R"("item_id":"1210")"));
  EXPECT_THAT(run.out, HasSubstr(R"("source":"SOURCE_MODEL")"));
  EXPECT_EQ(std::count(run.out.begin(), run.out.end(), '\n'), 1);
}

TEST_F(RecommendCommandTest, RepeatsTheCallAndReportsLatencyBesideOneResult) {
  const CliRun run = Run({"recommend", "--user", "42", "--repeat", "20"});
  EXPECT_EQ(server_.calls(), 20);
  EXPECT_EQ(std::count(run.out.begin(), run.out.end(), '\n'), 3);
  EXPECT_THAT(run.err, testing::StartsWith("latency of 20 calls in ms: mean "));
}

TEST_F(RecommendCommandTest, PrintsLatencyAsASecondJsonObject) {
  const CliRun run = Run({"recommend", "--user", "42", "--repeat", "5", "--json"});
  EXPECT_THAT(run.out, HasSubstr("\n{\"calls\":5,\"latency_ms\":{\"mean\":"));
  EXPECT_EQ(run.err, "");
}

}  // namespace
}  // namespace ridgeline
