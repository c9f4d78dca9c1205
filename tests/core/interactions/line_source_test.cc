#include "core/interactions/line_source.h"

#include <string>
#include <vector>

#include "core/base/status_macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/interactions/compression.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;

absl::StatusOr<std::vector<std::string>> LinesOf(const std::string& path, size_t limit = kMaxLineBytes) {
  std::vector<std::string> all;
  RIDGELINE_ASSIGN_OR_RETURN(LineSource lines, LineSource::Open(path, limit));
  while (true) {
    RIDGELINE_ASSIGN_OR_RETURN(const absl::optional<absl::string_view> line, lines.Next());
    if (!line.has_value()) return all;
    all.emplace_back(*line);
    EXPECT_EQ(lines.line_number(), static_cast<int64_t>(all.size()));
  }
}

TEST(LineSource, EndsLinesAtLineFeedsWithOrWithoutCarriageReturn) {
  const TempDir directory;
  EXPECT_THAT(LinesOf(directory.Write("f", "a\nb\r\n\nc\rd\n")).value(), ElementsAre("a", "b", "", "c\rd"));
}

TEST(LineSource, TheLastLineNeedsNoEnd) {
  const TempDir directory;
  EXPECT_THAT(LinesOf(directory.Write("f", "a\nb")).value(), ElementsAre("a", "b"));
  EXPECT_THAT(LinesOf(directory.Write("f", "a\nb\r")).value(), ElementsAre("a", "b"));
}

TEST(LineSource, AnEmptyFileHasNoLines) {
  const TempDir directory;
  EXPECT_THAT(LinesOf(directory.Write("f", "")).value(), IsEmpty());
}

TEST(LineSource, DropsAByteOrderMarkBeforeTheFirstLineOnly) {
  const TempDir directory;
  EXPECT_THAT(LinesOf(directory.Write("f",
                                      "\xef\xbb\xbf"
                                      "a\n\xef\xbb\xbf"
                                      "b\n"))
                  .value(),
              ElementsAre("a",
                          "\xef\xbb\xbf"
                          "b"));
}

TEST(LineSource, ReadsLinesLongerThanItsBuffer) {
  const TempDir directory;
  const std::string longest(3000000, 'x');
  const std::vector<std::string> lines = LinesOf(directory.Write("f", "a\n" + longest + "\nb\n")).value();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_TRUE(lines[1] == longest);
}

TEST(LineSource, SplitsManyLinesLikeANaiveSplit) {
  const TempDir directory;
  const std::string text = RandomText(2000000, 1);
  std::string joined;
  const std::vector<std::string> lines = LinesOf(directory.Write("f", ZstdOf(text))).value();
  for (const std::string& line : lines) joined.append(line).append(1, '\n');
  EXPECT_TRUE(joined == text);
}

TEST(LineSource, RefusesALineBeyondTheLimitWithItsNumber) {
  const TempDir directory;
  const std::string path = directory.Write("f", "abcd\nabcde\n");
  EXPECT_TRUE(LinesOf(path, 5).ok());
  const absl::Status status = LinesOf(path, 4).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), EndsWith("f:2: the line is longer than 4 bytes"));
}

TEST(LineSource, ALineWithoutEndIsRefusedBeforeItIsAllInMemory) {
  const TempDir directory;
  const std::string path = directory.Write("f", GzipOf(std::string(50000000, 'x')));
  EXPECT_EQ(LinesOf(path, 1000000).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(LineSource, PassesDamageOn) {
  const TempDir directory;
  const std::string stored = GzipOf(RandomText(1000, 1));
  EXPECT_EQ(LinesOf(directory.Write("f", stored.substr(0, 200))).status().code(),
            absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace ridgeline
