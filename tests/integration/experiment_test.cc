// A split of the users between two models, through the real programs and a kill -9.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/movielens_server.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int kUsers = 60;

class ExperimentTest : public testing::Test {
 protected:
  void Start() {
    absl::StatusOr<ServerProcess> started =
        ServerProcess::Start(directory_.File("data"), {"--allow-empty-start", "--factors", "4"});
    ASSERT_TRUE(started.ok()) << started.status();
    server_.emplace(*std::move(started));
    client_ = ClientOf(*server_);
  }

  void Record() {
    v1::RecordInteractionsRequest request;
    for (int user = 0; user < kUsers; ++user) {
      for (int i = 0; i < 5; ++i) {
        v1::Interaction* interaction = request.add_interactions();
        interaction->set_user_id(absl::StrCat("u", user));
        interaction->set_item_id(absl::StrCat("i", (user * 3 + i * 7) % 40));
      }
    }
    ASSERT_TRUE(client_->RecordInteractions(request).ok());
  }

  std::string Run(const std::vector<std::string>& arguments) {
    const absl::StatusOr<CommandResult> result = server_->Client(arguments);
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? result->standard_output : "";
  }

  // The version that answers each user.
  std::vector<std::string> Versions() {
    std::vector<std::string> versions;
    for (int user = 0; user < kUsers; ++user) {
      v1::RecommendRequest request;
      request.set_user_id(absl::StrCat("u", user));
      const auto response = client_->Recommend(request);
      EXPECT_TRUE(response.ok()) << response.status();
      versions.push_back(response.ok() ? response->model_version() : "");
    }
    return versions;
  }

  const TempDir directory_;
  absl::optional<ServerProcess> server_;
  std::unique_ptr<RecommenderClient> client_;
};

TEST_F(ExperimentTest, EveryUserKeepsTheirModelThroughARestartUntilTheExperimentEnds) {
  Start();
  Record();
  Run({"train", "--watch"});
  Run({"train", "--watch"});
  EXPECT_THAT(Run({"models", "split", "v000001", "--share", "0.5", "--id", "test"}),
              HasSubstr("test: v000001 answers 50% of the users, v000002 the others"));
  const std::vector<std::string> versions = Versions();
  EXPECT_THAT(versions, testing::Contains("v000001"));
  EXPECT_THAT(versions, testing::Contains("v000002"));
  EXPECT_THAT(server_->HttpGet("/metrics").value(), HasSubstr("ridgeline_experiment_share 0.5"));

  server_->Kill();
  Start();
  EXPECT_THAT(Run({"status"}), HasSubstr("test: v000001"));
  EXPECT_EQ(Versions(), versions);

  Run({"models", "split", "--end"});
  EXPECT_THAT(Versions(), testing::Each("v000002"));
  EXPECT_THAT(Run({"status"}), Not(HasSubstr("experiment")));
}

}  // namespace
}  // namespace ridgeline
