// Backups of a server that is in use, made and restored with the real programs: the restored copy answers as
// the server did, and what was killed half way is never taken for a backup.

#include <signal.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "client/backup/restore.h"
#include "core/base/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/movielens_server.h"
#include "tests/integration/shop_server.h"
#include "tests/support/long_form.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

namespace fs = std::filesystem;

// Clients that record and ask while the object lives.
class Load {
 public:
  static constexpr int kRecorders = 2;

  explicit Load(const ServerProcess& server) : expected_(AnswersOf(*ClientOf(server))) {
    for (int i = 0; i < kRecorders; ++i) threads_.emplace_back([this, &server, i] { Record(server, i); });
    threads_.emplace_back([this, &server] { Ask(server); });
  }
  ~Load() { Stop(); }

  static std::string Recorder(int i) { return absl::StrCat("recorder-", i); }

  void Stop() {
    stopped_ = true;
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  // Until each client has had `more` answers more, or a failure.
  void Await(int more) {
    const std::vector<int> before = acknowledged();
    const int64_t asked = asked_;
    const auto all_moved = [&] {
      for (int i = 0; i < kRecorders; ++i) {
        if (acknowledged_[i] < before[static_cast<size_t>(i)] + more) return false;
      }
      return asked_ > asked;
    };
    while (failures_ == 0 && !all_moved()) std::this_thread::yield();
  }

  // Batches of each recorder that were acknowledged.
  std::vector<int> acknowledged() const { return {acknowledged_[0], acknowledged_[1]}; }
  int64_t calls() const { return asked_ + acknowledged_[0] + acknowledged_[1]; }
  int failures() const { return failures_; }
  int changed_answers() const { return changed_; }
  const std::map<std::string, std::string>& expected() const { return expected_; }

 private:
  void Record(const ServerProcess& server, int i) {
    const std::unique_ptr<RecommenderClient> client = ClientOf(server);
    while (!stopped_ && failures_ == 0) {
      const bool ok = client->RecordInteractions(ShopBatch(Recorder(i), acknowledged_[i])).ok();
      ++(ok ? acknowledged_[i] : failures_);
    }
  }

  // Users who do nothing themselves are answered as before.
  void Ask(const ServerProcess& server) {
    const std::unique_ptr<RecommenderClient> client = ClientOf(server);
    while (!stopped_ && failures_ == 0) {
      changed_ += AnswersOf(*client) == expected_ ? 0 : 1;
      asked_ += static_cast<int64_t>(expected_.size());
    }
  }

  const std::map<std::string, std::string> expected_;
  std::atomic<bool> stopped_{false};
  std::atomic<int> acknowledged_[kRecorders] = {};
  std::atomic<int64_t> asked_{0};
  std::atomic<int> failures_{0};
  std::atomic<int> changed_{0};
  std::vector<std::thread> threads_;
};

class BackupTest : public testing::Test {
 protected:
  void StartShop() {
    absl::StatusOr<ServerProcess> server = StartTrainedShopServer(data_dir_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_.emplace(*std::move(server));
  }

  static CommandResult Restore(const std::string& backup, const std::string& data_dir) {
    return RunCommand({ProgramPath("ridgeline"), "restore", backup, data_dir}).value();
  }

  // So large a file that a backup takes a while; the server never reads it.
  void AddBallast() {
    directory_.Write("data/models/v000001/ballast", "");
    fs::resize_file(data_dir_ + "/models/v000001/ballast", kBallastBytes);
  }

  // Waits until the backup that `client` makes has got some way through the ballast, or has ended.
  bool AwaitHalfWay(ChildProcess& client, const std::string& backup, uintmax_t bytes) {
    std::error_code none;
    const std::string ballast = backup + ".partial/models/v000001/ballast";
    while (!client.Wait(absl::ZeroDuration()).has_value()) {
      const uintmax_t size = fs::file_size(ballast, none);
      if (!none && size >= bytes) return true;
    }
    return false;
  }

  ChildProcess StartBackup(const std::string& backup) {
    return ChildProcess::Start(
               {ProgramPath("ridgeline"), "--server", server_->grpc_address(), "backup", backup},
               directory_.File("out"), directory_.File("err"))
        .value();
  }

  // That nothing at `backup` passes as one.
  void ExpectNoBackup(const std::string& backup) {
    EXPECT_FALSE(fs::exists(backup));
    for (const std::string& directory : {backup, backup + ".partial"}) {
      EXPECT_NE(Restore(directory, directory_.File("no-data")).exit_code, 0);
      EXPECT_FALSE(fs::exists(directory_.File("no-data")));
    }
  }

  static constexpr uintmax_t kBallastBytes = uintmax_t{64} << 20;

  const TempDir directory_;
  const std::string data_dir_ = directory_.File("data");
  absl::optional<ServerProcess> server_;
};

TEST_F(BackupTest, ARestoredCopyAnswersAsTheServerDidAndHasAllThatWasAcknowledgedBefore) {
  StartShop();
  ASSERT_FALSE(HasFatalFailure());
  const int backups = LongForm() ? 30 : 3;
  std::vector<std::vector<int>> before;
  std::vector<std::vector<int>> after;
  Load load(*server_);
  for (int n = 0; n < backups; ++n) {
    load.Await(10);
    before.push_back(load.acknowledged());
    const CommandResult made =
        server_->Client({"backup", directory_.File(absl::StrCat("backup-", n))}).value();
    ASSERT_EQ(made.exit_code, 0) << made.standard_error;
    after.push_back(load.acknowledged());
  }
  load.Await(10);
  load.Stop();
  EXPECT_EQ(load.failures(), 0);
  EXPECT_EQ(load.changed_answers(), 0);

  int64_t checked = 0;
  int64_t identical = 0;
  for (int n = 0; n < backups; ++n) {
    const std::string restored = directory_.File(absl::StrCat("restored-", n));
    const CommandResult result = Restore(directory_.File(absl::StrCat("backup-", n)), restored);
    ASSERT_EQ(result.exit_code, 0) << result.standard_error;
    absl::StatusOr<ServerProcess> copy = StartShopServer(restored);
    ASSERT_TRUE(copy.ok()) << copy.status();
    const std::unique_ptr<RecommenderClient> client = ClientOf(*copy);
    const std::map<std::string, std::string> answers = AnswersOf(*client);
    EXPECT_THAT(Differences(answers, load.expected()), IsEmpty());
    identical += static_cast<int64_t>(answers.size());
    for (size_t i = 0; i < Load::kRecorders; ++i) {
      const int batches = BatchesOf(*client, Load::Recorder(static_cast<int>(i)));
      EXPECT_GE(batches, before[static_cast<size_t>(n)][i]) << "lost something, or half of a batch";
      EXPECT_LE(batches, after[static_cast<size_t>(n)][i] + 1) << "has what came after the backup";
      checked += int64_t{before[static_cast<size_t>(n)][i]} * kShopBatch;
    }
  }
  if (HasFailure()) return;
  ReportFigure(absl::StrCat(backups, " backups under load: ", checked,
                            " acknowledged interactions looked for, 0 missing, ", identical,
                            " answers identical, 0 of ", load.calls(), " calls failed"));
}

TEST_F(BackupTest, ARestoredCopyRecordsTrainsAndIsBackedUpAgain) {
  StartShop();
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_EQ(server_->Client({"backup", directory_.File("backup")})->exit_code, 0);
  ASSERT_EQ(Restore(directory_.File("backup"), directory_.File("restored")).exit_code, 0);
  absl::StatusOr<ServerProcess> copy = StartShopServer(directory_.File("restored"));
  ASSERT_TRUE(copy.ok()) << copy.status();
  const std::unique_ptr<RecommenderClient> client = ClientOf(*copy);
  EXPECT_TRUE(client->RecordInteractions(ShopBatch("somebody", 0)).ok());
  ASSERT_TRUE(client->EndExperiment({}).ok());
  EXPECT_EQ(copy->Client({"train", "--watch"})->exit_code, 0);
  EXPECT_EQ(client->GetModel({})->version(), "v000003");
  EXPECT_EQ(copy->Client({"backup", directory_.File("again")})->exit_code, 0);
}

TEST_F(BackupTest, AClientKilledHalfWayLeavesNoBackupAndTheServerGoesOn) {
  StartShop();
  ASSERT_FALSE(HasFatalFailure());
  AddBallast();
  Random random(7);
  int half_way = 0;
  const int kills = LongForm() ? 20 : 3;
  const std::string backup = directory_.File("backup");
  Load load(*server_);
  for (int kill = 0; kill < kills; ++kill) {
    ChildProcess client = StartBackup(backup);
    AwaitHalfWay(client, backup, random.Below(kBallastBytes / 2));
    client.Signal(SIGKILL);
    if (*client.Wait(absl::InfiniteDuration()) == 0) {  // this machine was too fast
      fs::remove_all(backup);
      continue;
    }
    ++half_way;
    ExpectNoBackup(backup);
  }
  EXPECT_GT(half_way, 0);
  load.Await(3);
  // The server notices that the client is gone.
  while (fs::exists(data_dir_ + "/tmp.backup")) std::this_thread::yield();
  const CommandResult made = server_->Client({"backup", backup}).value();
  EXPECT_EQ(made.exit_code, 0) << made.standard_error;
  EXPECT_FALSE(fs::exists(backup + ".partial"));
  EXPECT_TRUE(VerifyBackup(backup, [](int64_t, int64_t) {}).ok());
  load.Stop();
  EXPECT_EQ(load.failures(), 0);
  EXPECT_EQ(load.changed_answers(), 0);
  if (HasFailure()) return;
  ReportFigure(absl::StrCat(half_way, " backups whose client was killed half way: 0 pass as backups"));
}

TEST_F(BackupTest, AServerKilledHalfWayLeavesNoBackupAndOpensItsFolderAgain) {
  StartShop();
  ASSERT_FALSE(HasFatalFailure());
  AddBallast();
  const std::map<std::string, std::string> expected = AnswersOf(*ClientOf(*server_));
  Random random(8);
  int half_way = 0;
  const int kills = LongForm() ? 20 : 2;
  const std::string backup = directory_.File("backup");
  for (int kill = 0; kill < kills; ++kill) {
    ChildProcess client = StartBackup(backup);
    AwaitHalfWay(client, backup, random.Below(kBallastBytes / 2));
    server_->Kill();
    half_way += fs::exists(data_dir_ + "/tmp.backup") ? 1 : 0;
    if (*client.Wait(absl::InfiniteDuration()) == 0) {
      fs::remove_all(backup);  // this machine was too fast
    } else {
      EXPECT_FALSE(fs::exists(backup + ".partial")) << "the client removes what it has";
      ExpectNoBackup(backup);
    }
    absl::StatusOr<ServerProcess> again = StartShopServer(data_dir_);
    ASSERT_TRUE(again.ok()) << again.status();
    server_.emplace(*std::move(again));
    EXPECT_FALSE(fs::exists(data_dir_ + "/tmp.backup"));
    EXPECT_THAT(Differences(AnswersOf(*ClientOf(*server_)), expected), IsEmpty());
  }
  EXPECT_GT(half_way, 0);
  const CommandResult made = server_->Client({"backup", backup}).value();
  EXPECT_EQ(made.exit_code, 0) << made.standard_error;
  ASSERT_EQ(Restore(backup, directory_.File("restored")).exit_code, 0);
  const absl::StatusOr<ServerProcess> copy = StartShopServer(directory_.File("restored"));
  ASSERT_TRUE(copy.ok()) << copy.status();
  EXPECT_THAT(Differences(AnswersOf(*ClientOf(*copy)), expected), IsEmpty());
  if (HasFailure()) return;
  ReportFigure(absl::StrCat(half_way, " servers killed while they made one: 0 pass, all open again"));
}

TEST_F(BackupTest, ADamagedOneIsRefusedAndTheFileNamed) {
  StartShop();
  ASSERT_FALSE(HasFatalFailure());
  const std::string backup = directory_.File("backup");
  ASSERT_EQ(server_->Client({"backup", backup})->exit_code, 0);
  const v1::BackupManifest manifest = VerifyBackup(backup, [](int64_t, int64_t) {}).value();
  Random random(9);
  int refused = 0;
  const auto expect_refused = [&](const std::string& path) {
    const absl::Status status = VerifyBackup(backup, [](int64_t, int64_t) {}).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << path;
    EXPECT_THAT(std::string(status.message()), HasSubstr(path));
    ++refused;
  };
  for (const v1::BackupFile& file : manifest.files()) {
    const std::string name = "backup/" + file.path();
    std::ifstream stream(directory_.File(name), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    for (int flips = 0; !bytes.empty() && flips < (LongForm() ? 100 : 3); ++flips) {
      std::string flipped = bytes;
      const uint64_t bit = random.Below(bytes.size() * 8);
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
      directory_.Write(name, flipped);
      expect_refused(file.path());
    }
    if (!bytes.empty()) {
      directory_.Write(name, bytes.substr(0, random.Below(bytes.size())));
      expect_refused(file.path());
    }
    fs::remove(directory_.File(name));
    expect_refused(file.path());
    directory_.Write(name, bytes);
    directory_.Write(name + ".surplus", "");
    expect_refused(file.path() + ".surplus");
    fs::remove(directory_.File(name + ".surplus"));
  }
  EXPECT_TRUE(VerifyBackup(backup, [](int64_t, int64_t) {}).ok()) << "whole again";

  fs::remove(backup + "/models/LIVE");
  const CommandResult damaged = Restore(backup, directory_.File("restored"));
  EXPECT_EQ(damaged.exit_code, 1);
  EXPECT_THAT(damaged.standard_error, HasSubstr("models/LIVE is missing"));
  EXPECT_FALSE(fs::exists(directory_.File("restored")));
  if (HasFailure()) return;
  ReportFigure(absl::StrCat(refused, " of ", refused, " damaged ones refused"));
}

TEST_F(BackupTest, AServerThatIsToldToStopDoesNotWaitForASilentClient) {
  StartShop();
  ASSERT_FALSE(HasFatalFailure());
  AddBallast();
  const std::string backup = directory_.File("backup");
  ChildProcess client = StartBackup(backup);
  const bool half_way = AwaitHalfWay(client, backup, 1);
  client.Signal(SIGSTOP);
  EXPECT_EQ(server_->Terminate(absl::Minutes(2)), absl::optional<int>(0));
  client.Signal(SIGCONT);
  EXPECT_TRUE(!half_way || client.Wait(absl::InfiniteDuration()).has_value());
  EXPECT_FALSE(fs::exists(data_dir_ + "/tmp.backup"));
  EXPECT_FALSE(fs::exists(backup + ".partial"));
}

}  // namespace
}  // namespace ridgeline
