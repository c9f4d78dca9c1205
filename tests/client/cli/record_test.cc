#include "gmock/gmock.h"
#include "ridgeline/v1/interaction_service.pb.h"
#include "tests/client/cli/run_cli.h"

namespace ridgeline {
namespace {

class RecordCommandTest : public CliTest {
 protected:
  v1::RecordInteractionsRequest Sent() const { return server_.Last<v1::RecordInteractionsRequest>(); }
};

TEST_F(RecordCommandTest, SendsEveryFlag) {
  ASSERT_EQ(Run({"record", "--user", "42", "--item", "a", "--value", "4.5", "--time", "1700000000",
                 "--event-id", "e", "--event-type", "purchase", "--recommendation-id", "r"})
                .code,
            ExitCode::kOk);
  ASSERT_EQ(Sent().interactions_size(), 1);
  const v1::Interaction sent = Sent().interactions(0);
  EXPECT_EQ(sent.user_id(), "42");
  EXPECT_EQ(sent.item_id(), "a");
  EXPECT_EQ(sent.value(), 4.5f);
  EXPECT_EQ(sent.time().seconds(), 1700000000);
  EXPECT_EQ(sent.event_id(), "e");
  EXPECT_EQ(sent.event_type(), "purchase");
  EXPECT_EQ(sent.recommendation_id(), "r");
}

TEST_F(RecordCommandTest, LeavesDefaultsToTheServerButMakesTheCallRepeatable) {
  server_.FailNext(grpc::Status(grpc::StatusCode::UNAVAILABLE, "restarting"));
  ASSERT_EQ(Run({"record", "--user", "42", "--item", "a,b"}).code, ExitCode::kOk);
  EXPECT_EQ(server_.calls(), 2);
  ASSERT_EQ(Sent().interactions_size(), 2);
  EXPECT_FALSE(Sent().interactions(0).has_value());
  EXPECT_FALSE(Sent().interactions(0).has_time());
  EXPECT_NE(Sent().interactions(0).event_id(), Sent().interactions(1).event_id());
}

TEST_F(RecordCommandTest, TellsRecordedFromDuplicates) {
  v1::RecordInteractionsResponse response;
  response.set_recorded_count(1);
  response.set_duplicate_count(2);
  server_.Respond(response);
  EXPECT_EQ(Run({"record", "--user", "42", "--item", "a"}).out, "recorded 1 interaction, 2 duplicates\n");
  EXPECT_EQ(Run({"record", "--user", "42", "--item", "a", "--json"}).out,
            "{\"recorded_count\":\"1\",\"duplicate_count\":\"2\",\"last_sequence\":\"0\"}\n");
}

TEST_F(RecordCommandTest, RefusesWhatCannotBeMeant) {
  EXPECT_EQ(Run({"record", "--user", "42"}).code, ExitCode::kUsage);
  EXPECT_EQ(Run({"record", "--item", "a"}).code, ExitCode::kUsage);
  EXPECT_EQ(Run({"record", "--user", "42", "--item", "a", "--time", "yesterday"}).code, ExitCode::kUsage);
  EXPECT_EQ(Run({"record", "--user", "42", "--item", "a,b", "--event-id", "e"}).code, ExitCode::kUsage);
  EXPECT_EQ(Run({"record", "--user", "42", "--item", " , "}).code, ExitCode::kUsage) << "names no item";
  EXPECT_EQ(server_.calls(), 0);
}

}  // namespace
}  // namespace ridgeline
