#include "core/interactions/block_parser.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class BlockParserTest : public testing::Test {
 protected:
  ParsedBlock Parse(absl::string_view text, bool begins_file = false) {
    return ParseBlock(text, begins_file, limits_, &parser_, [this](const InteractionView& interaction) {
      items_.emplace_back(interaction.item_id);
      return sink_status_;
    });
  }

  BlockLimits limits_;
  FileParser parser_{InteractionReaderOptions{}};
  absl::Status sink_status_;
  std::vector<std::string> items_;
};

TEST_F(BlockParserTest, CountsAllLinesAndSkipsEmptyOnes) {
  const ParsedBlock parsed = Parse("u,i\n\r\n\nu,j\r\nu,k");
  EXPECT_EQ(parsed.lines, 5);
  EXPECT_EQ(parsed.interactions, 3);
  EXPECT_THAT(parsed.bad_lines, IsEmpty());
  EXPECT_THAT(items_, ElementsAre("i", "j", "k"));
}

TEST_F(BlockParserTest, SkipsAByteOrderMarkOnlyWhereTheFileBegins) {
  EXPECT_EQ(Parse("\xef\xbb\xbfuser,item\n", true).interactions, 0);
  EXPECT_EQ(Parse("\xef\xbb\xbfuser,item\n").interactions, 1);
}

TEST_F(BlockParserTest, NotesBadLinesByTheirPlaceInTheBlock) {
  limits_.max_bad_lines = 2;
  const ParsedBlock parsed = Parse("u,i\nu\nu,j\n,k\nu,l\n");
  ASSERT_EQ(parsed.bad_lines.size(), 2u);
  EXPECT_THAT(parsed.bad_lines[0], Pair(2, absl::InvalidArgumentError("expected 2 fields, got 1")));
  EXPECT_EQ(parsed.bad_lines[1].first, 4);
  EXPECT_THAT(items_, ElementsAre("i", "j", "l"));
}

TEST_F(BlockParserTest, GivesUpAtTheFirstBadLineTooMany) {
  const ParsedBlock parsed = Parse("u,i\nu\nu,j\n");
  EXPECT_EQ(parsed.lines, 2);
  EXPECT_EQ(parsed.bad_lines.size(), 1u);
  EXPECT_THAT(items_, ElementsAre("i"));
}

TEST_F(BlockParserTest, EndsAtWhatTheSinkRefuses) {
  sink_status_ = absl::CancelledError("enough");
  EXPECT_EQ(Parse("u,i\nu,j\n").failure, sink_status_);
  EXPECT_THAT(items_, ElementsAre("i"));
}

TEST_F(BlockParserTest, EndsAtALineBeyondTheLimitAndAtAnUnknownFormat) {
  EXPECT_EQ(Parse("word\nu,i\n").fatal_line.code(), absl::StatusCode::kInvalidArgument);
  limits_.max_line_bytes = 3;
  const ParsedBlock parsed = Parse("u,i\nu,ij\nu,k\n");
  EXPECT_EQ(parsed.fatal_line.message(), "the line is longer than 3 bytes");
  EXPECT_EQ(parsed.lines, 2);
}

}  // namespace
}  // namespace ridgeline
