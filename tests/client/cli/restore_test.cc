#include <filesystem>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/backup/small_backup.h"
#include "tests/client/cli/run_cli.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

namespace fs = std::filesystem;

class RestoreCommandTest : public testing::Test {
 protected:
  RestoreCommandTest() { MakeSmallBackup(backup_); }

  const TempDir temporary_;
  const std::string backup_ = temporary_.File("monday");
  const std::string data_dir_ = temporary_.File("data");
};

TEST_F(RestoreCommandTest, MakesADataFolderAndSaysOfWhen) {
  const CliRun run = RunCli({"restore", backup_, data_dir_});
  ASSERT_EQ(run.code, ExitCode::kOk) << run.err;
  EXPECT_EQ(run.out, "restored 3 files of 16 bytes, as of 2023-11-14 22:13:20Z, to " + data_dir_ + "\n");
  EXPECT_TRUE(fs::exists(data_dir_ + "/models/LIVE"));
}

TEST_F(RestoreCommandTest, VerifiesAlone) {
  const CliRun run = RunCli({"restore", backup_, "--verify"});
  ASSERT_EQ(run.code, ExitCode::kOk) << run.err;
  EXPECT_EQ(run.out, "verified 3 files of 16 bytes, as of 2023-11-14 22:13:20Z\n");
  temporary_.Write("monday/models/LIVE", "v000002\n");
  const CliRun damaged = RunCli({"restore", backup_, "--verify"});
  EXPECT_EQ(damaged.code, ExitCode::kCallFailed);
  EXPECT_THAT(damaged.err, HasSubstr("models/LIVE is damaged"));
}

TEST_F(RestoreCommandTest, AsJsonItPrintsTheList) {
  const CliRun run = RunCli({"restore", backup_, data_dir_, "--json"});
  ASSERT_EQ(run.code, ExitCode::kOk) << run.err;
  EXPECT_THAT(run.out, StartsWith("{\"format\":1,"));
}

TEST_F(RestoreCommandTest, ADamagedBackupIsNamedAndLeavesNothing) {
  fs::remove(backup_ + "/models/LIVE");
  const CliRun run = RunCli({"restore", backup_, data_dir_});
  EXPECT_EQ(run.code, ExitCode::kCallFailed);
  EXPECT_THAT(run.err, HasSubstr("models/LIVE is missing"));
  EXPECT_FALSE(fs::exists(data_dir_));
}

TEST_F(RestoreCommandTest, NeedsADataFolderUnlessItOnlyVerifies) {
  EXPECT_EQ(RunCli({"restore", backup_}).code, ExitCode::kUsage);
  EXPECT_EQ(RunCli({"restore", backup_, data_dir_, "--verify"}).code, ExitCode::kUsage);
  EXPECT_FALSE(fs::exists(data_dir_));
}

}  // namespace
}  // namespace ridgeline
