#include "core/backup/backup_reader.h"

#include <filesystem>
#include <map>
#include <string>

#include "core/base/file.h"
#include "gtest/gtest.h"
#include "tests/core/backup/small_world.h"

namespace ridgeline {
namespace {

using Kind = BackupPiece::Kind;

class BackupReaderTest : public testing::Test, protected SmallWorld {
 protected:
  // The bytes of every file that `reader` reads; stops at its end.
  std::map<std::string, std::string> ReadAll(BackupReader& reader) {
    std::map<std::string, std::string> files;
    std::string* bytes = nullptr;
    for (BackupPiece piece = reader.Next().value(); piece.kind != Kind::kEnd; piece = reader.Next().value()) {
      if (piece.kind == Kind::kFile) {
        bytes = &files[piece.file.path];
      } else if (piece.kind == Kind::kChunk) {
        EXPECT_FALSE(piece.chunk.empty());
        EXPECT_LE(piece.chunk.size(), kBackupChunkBytes);
        bytes->append(piece.chunk);
      } else {
        EXPECT_EQ(piece.checksum, Checksum64(*bytes));
      }
    }
    return files;
  }

  std::string DamagedFile(const BackupView& view) const {
    return view.directory() + "/" + view.files()[0].path;
  }
};

TEST_F(BackupReaderTest, ReadsEveryFileWithItsChecksum) {
  temporary.Write("models/v000001/large", std::string(3 * kBackupChunkBytes + 1, 'x'));
  temporary.Write("models/v000001/empty", "");
  const std::unique_ptr<BackupView> view = source.Freeze().value();
  BackupReader reader(view.get());
  const std::map<std::string, std::string> files = ReadAll(reader);
  EXPECT_EQ(files.size(), view->files().size());
  for (const BackupFile& file : view->files()) {
    EXPECT_EQ(files.at(file.path), ReadFile(view->directory() + "/" + file.path).value());
  }
  EXPECT_EQ(files.at("models/v000001/large").size(), 3 * kBackupChunkBytes + 1);
  EXPECT_EQ(files.at("models/v000001/empty"), "");
}

TEST_F(BackupReaderTest, AFileThatChangedItsLengthIsDataLoss) {
  const std::unique_ptr<BackupView> view = source.Freeze().value();
  const std::string path = DamagedFile(*view);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) + 1);
  BackupReader reader(view.get());
  const absl::Status status = reader.Next().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(status.message().find(path), absl::string_view::npos) << status;
}

TEST_F(BackupReaderTest, AFileThatIsCutWhileItIsReadIsDataLoss) {
  temporary.Write("models/v000001/large", std::string(3 * kBackupChunkBytes, 'x'));
  const std::unique_ptr<BackupView> view = source.Freeze().value();
  BackupReader reader(view.get());
  BackupPiece piece = reader.Next().value();
  while (piece.file.path != "models/v000001/large") piece = reader.Next().value();
  std::filesystem::resize_file(view->directory() + "/models/v000001/large", 1);
  EXPECT_EQ(reader.Next()->chunk, "x");
  EXPECT_EQ(reader.Next().status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(BackupReaderTest, AMissingFileIsNamed) {
  const std::unique_ptr<BackupView> view = source.Freeze().value();
  std::filesystem::remove(DamagedFile(*view));
  BackupReader reader(view.get());
  const absl::Status status = reader.Next().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_NE(status.message().find(view->files()[0].path), absl::string_view::npos) << status;
}

}  // namespace
}  // namespace ridgeline
