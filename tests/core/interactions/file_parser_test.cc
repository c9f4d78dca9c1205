#include "core/interactions/file_parser.h"

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(FileParser, FindsTheFormatAtTheFirstLine) {
  FileParser parser(InteractionReaderOptions{});
  EXPECT_EQ(parser.format(), InteractionFormat::kAuto);
  EXPECT_FALSE(parser.FindFormat("word").ok());
  ASSERT_TRUE(parser.FindFormat("u\ti").ok());
  EXPECT_EQ(parser.format(), InteractionFormat::kTsv);
  EXPECT_TRUE(parser.FindFormat("word").ok()) << "it is known already";
}

TEST(FileParser, AnInvalidInteractionSpoilsItsLine) {
  FileParser parser(InteractionReaderOptions{});
  ASSERT_TRUE(parser.FindFormat("u,i").ok());
  EXPECT_EQ(parser.Parse("u,").message(), "item_id: must not be empty");
  ASSERT_TRUE(parser.Parse("u,i").ok());
  ASSERT_EQ(parser.interactions().size(), 1u);
  EXPECT_EQ(parser.interactions()[0].item_id, "i");
}

TEST(FileParser, ACloneReadsOnAsTheFirstLinesSaid) {
  FileParser parser(InteractionReaderOptions{});
  EXPECT_FALSE(parser.IsSettled());
  ASSERT_TRUE(parser.FindFormat("item,user").ok());
  EXPECT_FALSE(parser.IsSettled()) << "the columns are not known";
  ASSERT_TRUE(parser.Parse("item,user").ok());
  ASSERT_TRUE(parser.IsSettled());
  FileParser clone = parser.Clone();
  ASSERT_TRUE(clone.Parse("i,u").ok());
  EXPECT_EQ(clone.interactions()[0].user_id, "u");
  EXPECT_EQ(clone.format(), InteractionFormat::kCsv);
}

}  // namespace
}  // namespace ridgeline
