#include "core/lab/text_output.h"

#include <filesystem>
#include <iterator>

#include "core/base/file.h"
#include "gtest/gtest.h"
#include "tests/core/interactions/compression.h"
#include "tests/core/interactions/read_all.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

constexpr size_t kPieces = 7;

// Writes `text` to `path` in pieces.
absl::Status WritePieces(const std::string& path, const std::string& text) {
  RIDGELINE_ASSIGN_OR_RETURN(const std::unique_ptr<TextOutput> output, TextOutput::Create(path));
  for (size_t piece = 0; piece < kPieces; ++piece) {
    const size_t begin = text.size() * piece / kPieces;
    const size_t end = text.size() * (piece + 1) / kPieces;
    RIDGELINE_RETURN_IF_ERROR(output->Append(absl::string_view(text).substr(begin, end - begin)));
  }
  return output->Finish();
}

TEST(TextOutput, WritesWhatItWasGiven) {
  const TempDir directory;
  const std::string text = RandomText(1 << 20, 1);
  ASSERT_TRUE(WritePieces(directory.File("t.tsv"), text).ok());
  EXPECT_EQ(ReadFile(directory.File("t.tsv")).value(), text);
}

TEST(TextOutput, CompressesByTheEndOfTheName) {
  const TempDir directory;
  for (const std::string& text : {std::string(), RandomText(1 << 20, 1)}) {
    const std::string path = directory.File("t.tsv.zst");
    ASSERT_TRUE(WritePieces(path, text).ok());
    EXPECT_EQ(ReadFile(path)->substr(0, 4), "\x28\xB5\x2F\xFD");
    EXPECT_EQ(ReadAll(path, 1000).value(), text);
    EXPECT_LT(ReadFile(path)->size(), text.size() / 2 + 100);
  }
}

TEST(TextOutput, GivenUpItLeavesWhatWasThere) {
  const TempDir directory;
  for (const char* name : {"t.tsv", "t.zst"}) {
    const std::string path = directory.Write(name, "old");
    ASSERT_TRUE(TextOutput::Create(path).value()->Append("new").ok());
    EXPECT_EQ(ReadFile(path).value(), "old");
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path()), {}), 2);
}

TEST(TextOutput, SaysWhichFileCannotBeMade) {
  const absl::Status status = TextOutput::Create("/no/such/folder/t.tsv").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_NE(status.message().find("/no/such/folder/t.tsv"), absl::string_view::npos);
}

}  // namespace
}  // namespace ridgeline
