#include "core/lab/generate_command.h"

#include <algorithm>

#include "core/base/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/lab/lab_run.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class GenerateCommandTest : public testing::Test {
 protected:
  std::string Generate(const std::vector<std::string>& arguments) {
    const std::string path = directory_.File("out");
    const LabRun run = RunLabWith(
        Joined({"generate", "--output", path, "--users", "20", "--items", "30", "--interactions", "200"},
               arguments));
    EXPECT_EQ(run.exit_code, kExitOk) << run.err;
    return ReadFile(path).value();
  }

  const TempDir directory_;
};

TEST_F(GenerateCommandTest, CsvHasAHeaderAndOneLineAnInteraction) {
  const std::string text = Generate({});
  EXPECT_THAT(text, StartsWith("user_id,item_id,value,timestamp\n"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 201);
}

TEST_F(GenerateCommandTest, AdjacencyHasOneLineAUser) {
  const std::string text = Generate({"--format", "adjacency"});
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 20);
  EXPECT_EQ(std::count(text.begin(), text.end(), ' '), 200);
}

TEST_F(GenerateCommandTest, TheFileRepeatsFromItsSeed) {
  const std::string text = Generate({"--seed", "9"});
  EXPECT_EQ(Generate({"--seed", "9"}), text);
  EXPECT_NE(Generate({"--seed", "10"}), text);
}

TEST_F(GenerateCommandTest, BadFlagsAndUnwritableFilesAreErrors) {
  EXPECT_EQ(RunLabWith({"generate", "--output", "x", "--format", "xml"}).exit_code, kExitUsage);
  EXPECT_EQ(RunLabWith({"generate", "--output", "x", "--feedback", "both"}).exit_code, kExitUsage);
  EXPECT_EQ(
      RunLabWith({"generate", "--output", "x", "--format", "adjacency", "--feedback", "explicit"}).exit_code,
      kExitUsage);
  const LabRun run = RunLabWith({"generate", "--output", "/no/such/folder/file"});
  EXPECT_EQ(run.exit_code, kExitFailure);
  EXPECT_THAT(run.err, HasSubstr("/no/such/folder/file"));
}

}  // namespace
}  // namespace ridgeline
