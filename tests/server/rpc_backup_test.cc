#include "server/rpc_backup.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/backup/backup_reader.h"
#include "core/base/checksum.h"
#include "gtest/gtest.h"
#include "ridgeline/v1/backup_service.grpc.pb.h"
#include "tests/server/in_process.h"
#include "tests/server/world.h"

namespace ridgeline {
namespace {

namespace fs = std::filesystem;

class BackupRpc final
    : public v1::BackupService::WithRawCallbackMethod_CreateBackup<v1::BackupService::Service> {
 public:
  explicit BackupRpc(BackupMethod* method) : method_(method) {}
  grpc::ServerWriteReactor<grpc::ByteBuffer>* CreateBackup(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request) override {
    return method_->Start(context, request);
  }

 private:
  BackupMethod* const method_;
};

class RpcBackupTest : public testing::Test {
 protected:
  explicit RpcBackupTest(absl::Duration patience = BackupMethod::kPatience)
      : method_(RpcEnvironment{&world_.metrics, &logger_, &clock_}, &pool_, &source_, &streams_, patience) {
    world_.Serve();
    Interaction interaction;
    interaction.user_id = "u1";
    interaction.item_id = "a";
    EXPECT_TRUE(world_.stores.log->Append({interaction}).ok());
    world_.dir.Write("models/v000001/large", std::string(3 * kBackupChunkBytes + 1, 'x'));
  }

  struct Backup {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<v1::CreateBackupResponse>> reader;
    v1::CreateBackupResponse message;
    bool Read() { return reader->Read(&message); }
    // What is left of it, and how it ended.
    grpc::Status Drain() {
      while (Read()) {
      }
      return reader->Finish();
    }
  };

  std::unique_ptr<Backup> StartBackup() {
    auto backup = std::make_unique<Backup>();
    backup->reader = stub_->CreateBackup(&backup->context, v1::CreateBackupRequest());
    return backup;
  }

  bool HasView() const { return fs::exists(world_.dir.File("tmp.backup")); }

  World world_;
  Logger logger_{LogLevel::kError, &world_.clock};
  const SystemClock clock_;
  BackupSource source_{world_.dir.path(), world_.stores.log.get(), world_.stores.catalog.get(),
                       world_.stores.models.get()};
  WorkPool pool_{2, 10};
  OpenStreams streams_;
  BackupMethod method_;
  BackupRpc rpc_{&method_};
  InProcessServer server_{&rpc_};
  std::unique_ptr<v1::BackupService::Stub> stub_ = v1::BackupService::NewStub(server_.channel());
};

// Writes the files of a stream below a folder, and checks the stream's order and checksums.
class Unpacker {
 public:
  explicit Unpacker(std::string folder) : folder_(std::move(folder)) {}

  void Add(const v1::CreateBackupResponse& message) {
    if (message.has_file()) {
      EXPECT_TRUE(path_.empty());
      path_ = message.file().path();
      size_ = message.file().byte_count();
      bytes_.clear();
    } else if (message.part_case() == v1::CreateBackupResponse::kChunk) {
      EXPECT_FALSE(path_.empty());
      bytes_ += message.chunk();
    } else if (message.has_file_end()) {
      EXPECT_EQ(size_, static_cast<int64_t>(bytes_.size()));
      EXPECT_EQ(message.file_end().xxh3(), absl::StrCat(absl::Hex(Checksum64(bytes_), absl::kZeroPad16)));
      fs::create_directories(fs::path(folder_ + "/" + path_).parent_path());
      std::ofstream(folder_ + "/" + path_, std::ios::binary) << bytes_;
      total_ += size_;
      ++files_;
      path_.clear();
    }
  }

  int64_t files() const { return files_; }
  int64_t total() const { return total_; }

 private:
  const std::string folder_;
  std::string path_;
  std::string bytes_;
  int64_t size_ = 0;
  int64_t files_ = 0;
  int64_t total_ = 0;
};

TEST_F(RpcBackupTest, SendsAFolderThatOpensAsThisOne) {
  const TempDir elsewhere;
  Unpacker unpacker(elsewhere.path());
  const auto backup = StartBackup();
  ASSERT_TRUE(backup->Read());
  ASSERT_TRUE(backup->message.has_begin());
  const v1::BackupBegin begin = backup->message.begin();
  while (backup->Read()) unpacker.Add(backup->message);
  ASSERT_TRUE(backup->reader->Finish().ok());
  ASSERT_TRUE(backup->message.has_end()) << "the last message";
  for (const int64_t files : {begin.file_count(), backup->message.end().file_count()}) {
    EXPECT_EQ(files, unpacker.files());
  }
  for (const int64_t bytes : {begin.byte_count(), backup->message.end().byte_count()}) {
    EXPECT_EQ(bytes, unpacker.total());
  }
  EXPECT_FALSE(HasView());

  const auto copy = OpenStores(elsewhere.path());
  ASSERT_TRUE(copy.ok()) << copy.status();
  EXPECT_EQ(copy->log->ReadUser("u1")->size(), 1u);
  EXPECT_EQ(copy->models->LiveVersion().value(), "v000001");
  EXPECT_TRUE(copy->models->Load("v000001").ok());
}

TEST_F(RpcBackupTest, ASecondOneIsRefusedUntilTheFirstHasEnded) {
  const auto first = StartBackup();
  ASSERT_TRUE(first->Read());
  const grpc::Status refused = StartBackup()->Drain();
  EXPECT_EQ(refused.error_code(), grpc::RESOURCE_EXHAUSTED);
  EXPECT_EQ(refused.error_message(), "another backup is being made");
  EXPECT_TRUE(first->Drain().ok());
  EXPECT_TRUE(StartBackup()->Drain().ok());
}

TEST_F(RpcBackupTest, AClientThatLeavesFreesTheView) {
  const auto backup = StartBackup();
  ASSERT_TRUE(backup->Read());
  EXPECT_TRUE(HasView());
  backup->context.TryCancel();
  EXPECT_EQ(backup->Drain().error_code(), grpc::CANCELLED);
  while (HasView()) std::this_thread::yield();
}

TEST_F(RpcBackupTest, AShutdownEndsItAndFreesTheView) {
  const auto backup = StartBackup();
  ASSERT_TRUE(backup->Read());
  streams_.CloseAll();
  const grpc::Status status = backup->Drain();
  EXPECT_EQ(status.error_code(), grpc::UNAVAILABLE);
  EXPECT_EQ(status.error_message(), "the server is shutting down");
  EXPECT_FALSE(HasView());
}

TEST_F(RpcBackupTest, AnErrorOfTheDiskEndsItBeforeItsEnd) {
  const auto backup = StartBackup();
  ASSERT_TRUE(backup->Read());
  fs::remove(world_.dir.File("tmp.backup/models/v000001/large"));
  bool ended = false;
  while (backup->Read()) ended = ended || backup->message.has_end();
  EXPECT_EQ(backup->reader->Finish().error_code(), grpc::NOT_FOUND);
  EXPECT_FALSE(ended);
  EXPECT_FALSE(HasView());
}

TEST_F(RpcBackupTest, OthersAreServedByTheSamePoolMeanwhile) {
  const auto backup = StartBackup();
  ASSERT_TRUE(backup->Read());  // and nothing more: no thread waits for that
  std::atomic<int> done{0};
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(pool_.TrySubmit([&done] { ++done; }));
  while (done < 8) std::this_thread::yield();
  EXPECT_TRUE(HasView());
  EXPECT_TRUE(backup->Drain().ok());
}

class RpcBackupImpatientTest : public RpcBackupTest {
 protected:
  RpcBackupImpatientTest() : RpcBackupTest(absl::Milliseconds(1)) {}
};

TEST_F(RpcBackupImpatientTest, AClientThatTakesNothingIsGivenUp) {
  const auto silent = StartBackup();
  silent->reader->WaitForInitialMetadata();  // which comes with the first message
  while (HasView()) std::this_thread::yield();
  EXPECT_EQ(silent->Drain().error_code(), grpc::CANCELLED);
  EXPECT_FALSE(HasView());
}

}  // namespace
}  // namespace ridgeline
