// The server itself on a data folder that the previous release left.

#include <filesystem>
#include <string>

#include "gtest/gtest.h"
#include "tests/integration/movielens_server.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

constexpr char kGoldenData[] = RIDGELINE_SOURCE_DIR "/tests/reliability/testdata/release-0.1.0";

TEST(Upgrade, AServerGoesOnWithTheDataFolderOfThePreviousRelease) {
  const TempDir directory;
  std::filesystem::copy(kGoldenData, directory.File("data"), std::filesystem::copy_options::recursive);
  for (const char* live : {"v000001", "v000002"}) {
    const absl::StatusOr<ServerProcess> server =
        ServerProcess::Start(directory.File("data"), {"--factors", "2", "--iterations", "2"});
    ASSERT_TRUE(server.ok()) << server.status();
    const std::unique_ptr<RecommenderClient> client = ClientOf(*server);
    EXPECT_TRUE(client->CheckHealth().ok());
    v1::RecommendRequest request = RecommendTo("user-1");
    request.set_include_seen(true);
    const absl::StatusOr<v1::RecommendResponse> answer = client->Recommend(request);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->model_version(), live);
    EXPECT_GE(answer->recommendations_size(), 5);
    const absl::StatusOr<CommandResult> trained = server->Client({"train", "--watch"});
    ASSERT_TRUE(trained.ok()) << trained.status();
    EXPECT_EQ(trained->exit_code, 0) << trained->standard_error;
  }
}

}  // namespace
}  // namespace ridgeline
