#include "core/interactions/byte_source.h"

#include "gtest/gtest.h"
#include "tests/core/interactions/compression.h"
#include "tests/core/interactions/read_all.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

TEST(ByteSource, GivesPlainFilesAsTheyAre) {
  const TempDir directory;
  for (const size_t size : {0, 1, 3, 4, 5, 100000}) {
    const std::string text = RandomText(size, 1).substr(0, size);
    const std::string path = directory.Write("plain", text);
    for (const size_t buffer : {1, 3, 4, 4096}) EXPECT_EQ(ReadAll(path, buffer).value(), text);
  }
}

TEST(ByteSource, KnowsCompressionByTheFirstBytesNotTheName) {
  const TempDir directory;
  const std::string text = RandomText(1000, 2);
  EXPECT_EQ(ReadAll(directory.Write("a.csv", GzipOf(text)), 64).value(), text);
  EXPECT_EQ(ReadAll(directory.Write("b.txt", ZstdOf(text)), 64).value(), text);
  EXPECT_EQ(ReadAll(directory.Write("c.gz", text), 64).value(), text);
}

TEST(ByteSource, CountsBytesAsStored) {
  const TempDir directory;
  const std::string stored = GzipOf(RandomText(100000, 3));
  const std::unique_ptr<ByteSource> source = OpenByteSource(directory.Write("a", stored)).value();
  std::vector<char> buffer(1 << 20);
  while (source->Read(absl::MakeSpan(buffer)).value() > 0) {
  }
  EXPECT_EQ(source->stored_bytes(), static_cast<int64_t>(stored.size()));
}

TEST(ByteSource, SaysWhatIsWrongWithAPath) {
  const TempDir directory;
  EXPECT_EQ(OpenByteSource(directory.File("none")).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(OpenByteSource(directory.path()).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace ridgeline
