#include "core/lab/inspect_command.h"

#include <filesystem>

#include "core/base/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/lab/lab_run.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

class InspectCommandTest : public testing::Test {
 protected:
  InspectCommandTest() {
    WriteText(directory_.File("data.csv"), "a,x,5\na,y,3\nb,x,4\n");
    EXPECT_EQ(RunLabWith({"train", "--train", directory_.File("data.csv"), "--feedback", "explicit",
                          "--factors", "2", "--output", model_})
                  .exit_code,
              kExitOk);
  }

  const TempDir directory_;
  const std::string model_ = directory_.File("model");
};

TEST_F(InspectCommandTest, PrintsManifestShapesAndNorms) {
  const LabRun run = RunLabWith({"inspect", model_, "--json"});
  ASSERT_EQ(run.exit_code, kExitOk) << run.err;
  const auto json = run.Json();
  EXPECT_EQ(json["format"], "ridgeline-model");
  EXPECT_EQ(json["verified"], true);
  EXPECT_EQ(json["user_factors"]["shape"], (std::vector<int>{2, 2}));
  EXPECT_GT(json["item_factors"]["largest_norm"], 0.0);
  EXPECT_GE(json["item_factors"]["largest_norm"], json["item_factors"]["mean_norm"]);
}

TEST_F(InspectCommandTest, PrintsATextForPeople) {
  const LabRun run = RunLabWith({"inspect", model_});
  EXPECT_EQ(run.exit_code, kExitOk);
  EXPECT_THAT(run.out, HasSubstr("users  2 x 2"));
  EXPECT_THAT(run.out, HasSubstr("are good"));
}

TEST_F(InspectCommandTest, DamageIsFoundAndNamed) {
  const std::string path = model_ + "/factors.safetensors";
  std::string bytes = ReadFile(path).value();
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  WriteText(path, bytes);
  const LabRun run = RunLabWith({"inspect", model_});
  EXPECT_EQ(run.exit_code, kExitFailure);
  EXPECT_THAT(run.err, HasSubstr("checksum"));
}

TEST_F(InspectCommandTest, AFolderWithoutAModelFails) {
  EXPECT_EQ(RunLabWith({"inspect", directory_.path()}).exit_code, kExitFailure);
}

}  // namespace
}  // namespace ridgeline
