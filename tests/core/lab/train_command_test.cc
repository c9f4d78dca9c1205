#include "core/lab/train_command.h"

#include <filesystem>

#include "core/model/model_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/lab/lab_run.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

class TrainCommandTest : public testing::Test {
 protected:
  TrainCommandTest() { WriteText(directory_.File("data.csv"), "a,x,5\na,y,3\nb,x,4\nb,z,1\nc,y,2\nc,z,5\n"); }

  LabRun Train(const std::vector<std::string>& arguments = {}) {
    return RunLabWith(Joined({"train", "--train", directory_.File("data.csv"), "--feedback", "explicit",
                              "--factors", "2", "--iterations", "3", "--output", directory_.File("model")},
                             arguments));
  }

  const TempDir directory_;
};

TEST_F(TrainCommandTest, WritesAModelThatReadsBack) {
  ASSERT_EQ(Train().exit_code, kExitOk);
  const auto stored = ReadModelFiles(directory_.File("model"));
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ(stored->info.algorithm, "als");
  EXPECT_EQ(stored->info.interactions, 6);
  EXPECT_EQ(stored->info.iterations, 3);
  EXPECT_EQ(stored->info.users, 3);
  EXPECT_EQ(stored->model->factors(), 2);
  EXPECT_GT(stored->info.metrics.at("objective"), 0.0);
}

TEST_F(TrainCommandTest, BaselinesAreModelsToo) {
  ASSERT_EQ(Train({"--algorithm", "popularity"}).exit_code, kExitOk);
  EXPECT_EQ(ReadModelFiles(directory_.File("model"))->model->factors(), 0);
}

TEST_F(TrainCommandTest, PrintsJsonWhenAsked) {
  const auto json = Train({"--json"}).Json();
  EXPECT_EQ(json["users"], 3);
  EXPECT_EQ(json["interactions"], 6);
  EXPECT_EQ(json["objective"].size(), 3u);
}

TEST_F(TrainCommandTest, AFolderThatHoldsSomethingIsNotTouched) {
  std::filesystem::create_directories(directory_.File("model"));
  WriteText(directory_.File("model/precious"), "x");
  const LabRun run = Train();
  EXPECT_EQ(run.exit_code, kExitUsage);
  EXPECT_THAT(run.err, HasSubstr("--output"));
  EXPECT_FALSE(std::filesystem::exists(directory_.File("model/manifest.json")));
}

TEST_F(TrainCommandTest, AnEmptyFolderIsFilledAndAFileIsRefused) {
  std::filesystem::create_directories(directory_.File("model"));
  EXPECT_EQ(Train().exit_code, kExitOk);
  EXPECT_EQ(Train({"--output", directory_.File("data.csv")}).exit_code, kExitUsage);
}

TEST_F(TrainCommandTest, FilesWithoutInteractionsFail) {
  WriteText(directory_.File("data.csv"), "userId,movieId,rating\n");
  const LabRun run = Train();
  EXPECT_EQ(run.exit_code, kExitFailure);
  EXPECT_THAT(run.err, HasSubstr("nothing to train on"));
}

}  // namespace
}  // namespace ridgeline
