#include "core/interactions/block_source.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/interactions/compression.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class BlockSourceTest : public testing::Test {
 protected:
  // The blocks of a file that holds `stored`, up to its end or its first error, which goes to status_.
  std::vector<std::string> BlocksOf(const std::string& stored, size_t block_bytes,
                                    size_t max_line_bytes = kMaxLineBytes) {
    BlockSource source =
        BlockSource::Open(directory_.Write("f", stored), block_bytes, max_line_bytes).value();
    std::vector<std::string> blocks;
    std::vector<char> buffer;
    while (true) {
      const absl::StatusOr<absl::string_view> block = source.Next(&buffer);
      status_ = block.status();
      if (!block.ok() || block->empty()) break;
      blocks.emplace_back(*block);
    }
    stored_bytes_ = source.stored_bytes();
    return blocks;
  }

  const TempDir directory_;
  absl::Status status_;
  int64_t stored_bytes_ = 0;
};

TEST_F(BlockSourceTest, CutsAtLineEndsOnly) {
  EXPECT_THAT(BlocksOf("ab\ncd\nef\n", 7), ElementsAre("ab\ncd\n", "ef\n"));
  EXPECT_EQ(stored_bytes_, 9);
}

TEST_F(BlockSourceTest, ALineLongerThanABlockStaysWhole) {
  EXPECT_THAT(BlocksOf("a\n0123456789\nb\n", 4), ElementsAre("a\n", "0123456789\nb\n"));
}

TEST_F(BlockSourceTest, TheLastLineMayLackItsEnd) {
  EXPECT_THAT(BlocksOf("ab\ncd", 3), ElementsAre("ab\n", "cd"));
  EXPECT_THAT(BlocksOf("", 3), IsEmpty());
}

TEST_F(BlockSourceTest, BlocksMakeUpTheFileWhateverTheirSize) {
  const std::string text = RandomText(5000, 3);
  for (const std::string& stored : {text, GzipOf(text), ZstdOf(text)}) {
    for (const size_t block_bytes : {1, 20, 100, 4096, 100'000}) {
      std::string joined;
      for (const std::string& block : BlocksOf(stored, block_bytes)) joined += block;
      EXPECT_EQ(joined, text) << block_bytes;
    }
  }
}

TEST_F(BlockSourceTest, ALineBeyondTheLimitComesCutAndIsTheLast) {
  EXPECT_THAT(BlocksOf("ab\n0123456789\nb\n", 4, 5), ElementsAre("ab\n", "012345"));
  EXPECT_TRUE(status_.ok());
}

TEST_F(BlockSourceTest, WhatComesBeforeDamageIsRead) {
  const std::string text = RandomText(1'000'000, 5);
  const std::string stored = GzipOf(text);
  std::string joined;
  for (const std::string& block : BlocksOf(stored.substr(0, stored.size() / 2), 1000)) joined += block;
  EXPECT_EQ(status_.code(), absl::StatusCode::kDataLoss);
  EXPECT_GT(joined.size(), text.size() / 3);
  EXPECT_EQ(joined, text.substr(0, joined.size()));
  EXPECT_EQ(joined.back(), '\n');
}

TEST_F(BlockSourceTest, AMissingFileIsTold) {
  EXPECT_EQ(BlockSource::Open(directory_.File("none"), 10).status().code(), absl::StatusCode::kNotFound);
}

TEST(TakeLine, TakesOneLineAndItsEnd) {
  absl::string_view text = "a\n\nb";
  EXPECT_EQ(TakeLine(&text), "a");
  EXPECT_EQ(TakeLine(&text), "");
  EXPECT_EQ(TakeLine(&text), "b");
  EXPECT_EQ(text, "");
}

}  // namespace
}  // namespace ridgeline
