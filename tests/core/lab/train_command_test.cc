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

  LabRun Train(const std::vector<std::string>& arguments = {}) { return TrainInto("model", arguments); }

  LabRun TrainInto(const std::string& output, const std::vector<std::string>& arguments,
                   const std::string& feedback = "explicit") {
    return RunLabWith(Joined({"train", "--train", directory_.File("data.csv"), "--feedback", feedback,
                              "--iterations", "3", "--output", directory_.File(output)},
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
  EXPECT_EQ(stored->model->factors(), 64);
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
  EXPECT_GT(json["peak_rss_bytes"], 0);
  EXPECT_GT(json["read_seconds"], 0.0);
}

TEST_F(TrainCommandTest, StartsWarmWhereAModelBeforeEnded) {
  const auto before = Train({"--json"}).Json();
  const auto warm = TrainInto("next", {"--json", "--warm-start", directory_.File("model")}).Json();
  EXPECT_LE(warm["objective"].front().get<double>(), before["objective"].back().get<double>());
}

TEST_F(TrainCommandTest, AWarmStartThatDoesNotFitIsRefused) {
  ASSERT_EQ(Train().exit_code, kExitOk);
  const auto expect_refused = [this](const LabRun& run, const std::string& reason) {
    EXPECT_NE(run.exit_code, kExitOk);
    EXPECT_THAT(run.err, HasSubstr(reason));
    EXPECT_FALSE(std::filesystem::exists(directory_.File("next")));
  };
  const std::vector<std::string> warm = {"--warm-start", directory_.File("model")};
  expect_refused(TrainInto("next", Joined(warm, {"--factors", "3"})), "warm_start: has 64 factors");
  expect_refused(TrainInto("next", warm, "implicit"), "warm_start: was trained on the other kind");
  expect_refused(TrainInto("next", Joined(warm, {"--algorithm", "sgd"})), "only als");
  expect_refused(TrainInto("next", {"--warm-start", directory_.File("absent")}), "absent");
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
  const LabRun run = TrainInto("data.csv", {});
  EXPECT_EQ(run.exit_code, kExitUsage);
  EXPECT_THAT(run.err, HasSubstr("is not a folder"));
}

TEST_F(TrainCommandTest, FilesWithoutInteractionsFail) {
  WriteText(directory_.File("data.csv"), "userId,movieId,rating\n");
  const LabRun run = Train();
  EXPECT_EQ(run.exit_code, kExitFailure);
  EXPECT_THAT(run.err, HasSubstr("nothing to train on"));
}

}  // namespace
}  // namespace ridgeline
