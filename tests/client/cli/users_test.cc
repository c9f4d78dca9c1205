#include "gmock/gmock.h"
#include "ridgeline/v1/interaction_service.pb.h"
#include "tests/client/cli/run_cli.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

class UsersCommandTest : public CliTest {
 protected:
  static v1::ListInteractionsResponse OnePage(const std::string& next_page_token) {
    v1::ListInteractionsResponse page;
    v1::Interaction* interaction = page.add_interactions();
    interaction->set_sequence(17);
    interaction->set_item_id("a");
    interaction->set_value(4.5f);
    interaction->mutable_time()->set_seconds(1700000000);
    page.set_next_page_token(next_page_token);
    return page;
  }
};

TEST_F(UsersCommandTest, PrintsInteractions) {
  server_.Respond(OnePage(""));
  EXPECT_EQ(Run({"users", "interactions", "42"}).out,
            "SEQUENCE  ITEM  VALUE  TIME\n"
            "      17  a       4.5  2023-11-14 22:13:20Z\n");
  EXPECT_EQ(server_.Last<v1::ListInteractionsRequest>().user_id(), "42");
}

TEST_F(UsersCommandTest, FollowsPagesUpToTheLimit) {
  server_.Respond(OnePage("next"));
  const CliRun run = Run({"users", "interactions", "42", "--limit", "3", "--json"});
  EXPECT_EQ(server_.calls(), 3);
  EXPECT_EQ(std::count(run.out.begin(), run.out.end(), '\n'), 3) << "one object a line";
  EXPECT_THAT(run.err, HasSubstr("raise --limit"));
  const auto last = server_.Last<v1::ListInteractionsRequest>();
  EXPECT_EQ(last.page_token(), "next");
  EXPECT_EQ(last.page_size(), 1);
}

TEST_F(UsersCommandTest, SaysThatNothingIsRecorded) {
  EXPECT_EQ(Run({"users", "interactions", "42"}).out, "nothing is recorded of this user\n");
}

TEST_F(UsersCommandTest, ErasesAUser) {
  v1::DeleteUserResponse response;
  response.set_deleted_interaction_count(3);
  server_.Respond(response);
  EXPECT_EQ(Run({"users", "delete", "42"}).out, "erased 3 interactions of 42\n");
  EXPECT_EQ(server_.Last<v1::DeleteUserRequest>().user_id(), "42");
  EXPECT_EQ(Run({"users", "delete"}).code, ExitCode::kUsage);
}

}  // namespace
}  // namespace ridgeline
