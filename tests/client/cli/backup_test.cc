#include <filesystem>
#include <string>
#include <vector>

#include "client/backup/backup_manifest.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "tests/client/backup/small_backup.h"
#include "tests/client/cli/run_cli.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

namespace fs = std::filesystem;

class BackupCommandTest : public CliTest {
 protected:
  BackupCommandTest() { server_.SetBackup(SmallBackup()); }

  const TempDir temporary_;
  const std::string directory_ = temporary_.File("monday");
};

TEST_F(BackupCommandTest, MakesAFolderAndSaysWhatIsInIt) {
  const CliRun run = Run({"backup", directory_});
  ASSERT_EQ(run.code, ExitCode::kOk) << run.err;
  EXPECT_EQ(run.out, "backed up 3 files of 16 bytes to " + directory_ + "\n");
  EXPECT_TRUE(fs::exists(directory_ + "/backup.json"));
  EXPECT_THAT(run.err, HasSubstr("100%"));
}

TEST_F(BackupCommandTest, AsJsonItPrintsTheList) {
  const CliRun run = Run({"backup", directory_, "--json"});
  ASSERT_EQ(run.code, ExitCode::kOk) << run.err;
  v1::BackupManifest manifest;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(run.out, &manifest).ok());
  EXPECT_EQ(manifest.files_size(), 3);
  EXPECT_EQ(manifest.format(), kBackupFormat);
}

TEST_F(BackupCommandTest, AFailedOneLeavesNothing) {
  server_.FailNext(grpc::Status(grpc::RESOURCE_EXHAUSTED, "another backup is being made"));
  const CliRun refused = Run({"backup", directory_});
  EXPECT_EQ(refused.code, ExitCode::kCallFailed);
  EXPECT_THAT(refused.err, HasSubstr("another backup is being made"));
  std::vector<v1::CreateBackupResponse> cut = SmallBackup();
  cut.pop_back();
  server_.SetBackup(cut);
  const CliRun half = Run({"backup", directory_});
  EXPECT_EQ(half.code, ExitCode::kCallFailed);
  EXPECT_THAT(half.err, HasSubstr("has no end"));
  EXPECT_TRUE(fs::is_empty(temporary_.path()));
}

TEST_F(BackupCommandTest, AnExistingFolderIsLeftAloneAndTheServerNotAsked) {
  fs::create_directory(directory_);
  const CliRun run = Run({"backup", directory_});
  EXPECT_EQ(run.code, ExitCode::kCallFailed);
  EXPECT_THAT(run.err, HasSubstr(directory_ + " exists"));
  EXPECT_EQ(server_.calls(), 0);
}

TEST_F(BackupCommandTest, NeedsAFolder) {
  EXPECT_EQ(Run({"backup"}).code, ExitCode::kUsage);
}

}  // namespace
}  // namespace ridgeline
