#include "server/convert_backup.h"

#include "gtest/gtest.h"
#include "server/version.h"
#include "tests/server/world.h"

namespace ridgeline {
namespace {

class ConvertBackupTest : public testing::Test {
 protected:
  World world_;
  BackupSource source_{world_.dir.path(), world_.stores.log.get(), world_.stores.catalog.get(),
                       world_.stores.models.get()};
  const std::unique_ptr<BackupView> view_ = source_.Freeze().value();
};

TEST_F(ConvertBackupTest, TheBeginningAndTheEndSayHowMuchThereIs) {
  const v1::BackupBegin begin = BeginOf(*view_, absl::FromUnixSeconds(7)).begin();
  EXPECT_EQ(begin.create_time().seconds(), 7);
  EXPECT_EQ(begin.server_version(), kSoftwareVersion);
  EXPECT_EQ(begin.file_count(), static_cast<int64_t>(view_->files().size()));
  EXPECT_EQ(begin.byte_count(), view_->bytes());
  const v1::BackupEnd end = ToProto(BackupPiece(), *view_).end();
  EXPECT_EQ(end.file_count(), begin.file_count());
  EXPECT_EQ(end.byte_count(), begin.byte_count());
}

TEST_F(ConvertBackupTest, AFileIsItsPathAndSizeItsBytesAndItsChecksum) {
  BackupPiece piece;
  piece.kind = BackupPiece::Kind::kFile;
  piece.file = {"models/LIVE", 8};
  EXPECT_EQ(ToProto(piece, *view_).file().path(), "models/LIVE");
  EXPECT_EQ(ToProto(piece, *view_).file().byte_count(), 8);
  EXPECT_EQ(ToProto(piece, *view_).file().xxh3(), "");
  piece.kind = BackupPiece::Kind::kChunk;
  piece.chunk = std::string("\0\xff", 2);
  EXPECT_EQ(ToProto(piece, *view_).chunk(), std::string("\0\xff", 2));
  piece.kind = BackupPiece::Kind::kFileEnd;
  piece.checksum = 0x0123456789abcdef;
  EXPECT_EQ(ToProto(piece, *view_).file_end().xxh3(), "0123456789abcdef");
}

}  // namespace
}  // namespace ridgeline
