#include "core/interactions/gzip_source.h"

#include "gtest/gtest.h"
#include "tests/core/interactions/compression.h"
#include "tests/core/interactions/read_all.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

TEST(GzipSource, GivesBackWhatWasCompressedWithAnyBuffer) {
  const TempDir directory;
  for (const size_t size : {0, 1, 1000, 700000}) {
    const std::string text = RandomText(size, size).substr(0, size);
    const std::string path = directory.Write("file", GzipOf(text));
    for (const size_t buffer : {size_t{7}, size_t{4096}, size + 1})
      EXPECT_EQ(ReadAll(path, buffer).value(), text);
  }
}

TEST(GzipSource, ReadsHighlyCompressedTextWhoseOutputOutgrowsTheBuffer) {
  const TempDir directory;
  const std::string text(3000000, 'a');
  const std::string path = directory.Write("file", GzipOf(text));
  for (const size_t buffer : {1000, 4096, 1000000, 3000000}) {
    EXPECT_TRUE(ReadAll(path, buffer).value() == text) << buffer;
  }
}

TEST(GzipSource, ReadsConcatenatedPartsAsOneText) {
  const TempDir directory;
  const std::string path = directory.Write("file", GzipOf("one\n") + GzipOf("") + GzipOf("two\n"));
  EXPECT_EQ(ReadAll(path, 3).value(), "one\ntwo\n");
}

TEST(GzipSource, EveryTruncationIsDataLoss) {
  const TempDir directory;
  const std::string stored = GzipOf(RandomText(300, 4));
  for (size_t size = 4; size < stored.size(); ++size) {
    const absl::Status status = ReadAll(directory.Write("file", stored.substr(0, size)), 64).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << size << status;
  }
}

TEST(GzipSource, NoFlippedBitGivesOtherText) {
  const TempDir directory;
  const std::string text = RandomText(300, 5);
  const std::string stored = GzipOf(text);
  for (size_t byte = 4; byte < stored.size(); ++byte) {
    std::string damaged = stored;
    damaged[byte] = static_cast<char>(damaged[byte] ^ 0x10);
    const absl::StatusOr<std::string> read = ReadAll(directory.Write("file", damaged), 64);
    if (read.ok()) {
      EXPECT_EQ(*read, text) << byte;  // a bit that stores no text, such as the time in a header
    } else {
      EXPECT_EQ(read.status().code(), absl::StatusCode::kDataLoss);
    }
  }
}

TEST(GzipSource, GarbageBehindTheEndIsDataLoss) {
  const TempDir directory;
  const std::string path = directory.Write("file", GzipOf("text\n") + "and something else entirely");
  EXPECT_EQ(ReadAll(path, 64).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace ridgeline
