#include "core/lab/lab.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/lab/lab_run.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

TEST(Lab, HelpIsPrintedAndIsNoError) {
  const LabRun run = RunLabWith({"--help"});
  EXPECT_EQ(run.exit_code, kExitOk);
  for (const char* command : {"evaluate", "train", "generate", "inspect"})
    EXPECT_THAT(run.out, HasSubstr(command));
  EXPECT_THAT(RunLabWith({"evaluate", "--help"}).out, HasSubstr("Examples:"));
}

TEST(Lab, WrongUsageExitsWithTwoAndSaysWhy) {
  EXPECT_EQ(RunLabWith({}).exit_code, kExitUsage);
  EXPECT_EQ(RunLabWith({"no-such-command"}).exit_code, kExitUsage);
  const LabRun unknown = RunLabWith({"inspect", "x", "--no-such-flag"});
  EXPECT_EQ(unknown.exit_code, kExitUsage);
  EXPECT_THAT(unknown.err, HasSubstr("--no-such-flag"));
  const LabRun missing = RunLabWith({"evaluate", "--feedback", "implicit"});
  EXPECT_EQ(missing.exit_code, kExitUsage);
  EXPECT_THAT(missing.err, HasSubstr("--train"));
}

TEST(Lab, OptionsOutOfRangeAreNamedAsFlags) {
  const LabRun run = RunLabWith({"generate", "--output", "x", "--users", "0"});
  EXPECT_EQ(run.exit_code, kExitUsage);
  EXPECT_THAT(run.err, HasSubstr("--users: must be"));
}

TEST(Lab, FailuresExitWithOne) {
  const LabRun run = RunLabWith({"inspect", "/no/such/folder"});
  EXPECT_EQ(run.exit_code, kExitFailure);
  EXPECT_THAT(run.err, HasSubstr("/no/such/folder"));
  EXPECT_EQ(run.out, "");
}

}  // namespace
}  // namespace ridgeline
