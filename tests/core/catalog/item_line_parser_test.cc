#include "core/catalog/item_line_parser.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The item of the only line of a file.
Item ParseOne(absl::string_view line) {
  const absl::StatusOr<absl::optional<Item>> item = MakeItemLineParser(line)->Parse(line);
  EXPECT_TRUE(item.ok() && item->has_value()) << item.status();
  return item.ok() ? item->value_or(Item()) : Item();
}

TEST(ItemLineParser, ReadsMovieLensCsv) {
  const absl::string_view header = "movieId,title,genres";
  const std::unique_ptr<ItemLineParser> parser = MakeItemLineParser(header);
  ASSERT_FALSE(parser->Parse(header)->has_value());
  const auto item = parser->Parse("11,\"American President, The (1995)\",Comedy|Drama");
  ASSERT_TRUE(item.ok()) << item.status();
  EXPECT_EQ((*item)->id, "11");
  EXPECT_EQ((*item)->title, "American President, The (1995)");
  EXPECT_THAT((*item)->tags, ElementsAre("Comedy", "Drama"));
}

TEST(ItemLineParser, AHeaderMayOrderTheColumns) {
  const absl::string_view header = "available,name,item_id";
  const std::unique_ptr<ItemLineParser> parser = MakeItemLineParser(header);
  ASSERT_FALSE(parser->Parse(header)->has_value());
  const auto item = parser->Parse("false,X,1");
  ASSERT_TRUE(item.ok()) << item.status();
  EXPECT_EQ((*item)->id, "1");
  EXPECT_EQ((*item)->title, "X");
  EXPECT_FALSE((*item)->available);
  EXPECT_THAT(std::string(parser->Parse("maybe,X,1").status().message()), HasSubstr("available"));
}

TEST(ItemLineParser, WithoutAHeaderTheColumnsAreIdTitleAndTags) {
  const Item item = ParseOne("1,Toy Story,Comedy|Fantasy");
  EXPECT_EQ(item.id, "1");
  EXPECT_EQ(item.title, "Toy Story");
  EXPECT_THAT(item.tags, ElementsAre("Comedy", "Fantasy"));
}

TEST(ItemLineParser, ALineOfAnotherWidthIsRefusedAndNotCutOrFilledUp) {
  const std::unique_ptr<ItemLineParser> parser = MakeItemLineParser("1,A,x");
  ASSERT_TRUE(parser->Parse("1,A,x").ok());
  EXPECT_THAT(std::string(parser->Parse("2").status().message()), HasSubstr("3 fields, got 1"));
  EXPECT_THAT(std::string(parser->Parse("3,C,x,y").status().message()), HasSubstr("3 fields, got 4"));
  EXPECT_TRUE(parser->Parse("4,D,").ok());
}

TEST(ItemLineParser, NoGenresListedIsNoTag) {
  EXPECT_THAT(ParseOne("1,X,(no genres listed)").tags, IsEmpty());
}

TEST(ItemLineParser, ReadsMovieLensDatInEitherEncoding) {
  EXPECT_EQ(ParseOne("2::Fant\xc3\xb4mas (1913)::Crime").title, "Fant\xc3\xb4mas (1913)");
  EXPECT_EQ(ParseOne("2::Fant\xf4mas (1913)::Crime").title, "Fant\xc3\xb4mas (1913)");
}

TEST(ItemLineParser, ReadsJsonLines) {
  const Item item = ParseOne(
      R"({"id": 7, "title": "X", "tags": ["a", "b"], "available": false, "attributes": {"year": "1995"}, "more": 1})");
  EXPECT_EQ(item.id, "7");
  EXPECT_EQ(item.title, "X");
  EXPECT_THAT(item.tags, ElementsAre("a", "b"));
  EXPECT_FALSE(item.available);
  EXPECT_EQ(item.attributes.at("year"), "1995");
}

TEST(ItemLineParser, AWrongJsonTypeIsNamed) {
  for (const auto& [line, field] : std::vector<std::pair<std::string, std::string>>{
           {R"({"id": "1", "tags": "a"})", "tags"},
           {R"({"id": "1", "tags": [1]})", "tags"},
           {R"({"id": "1", "title": 1})", "title"},
           {R"({"id": "1", "available": "no"})", "available"},
           {R"({"id": "1", "attributes": {"a": 1}})", "attributes[a]"},
           {R"({"id": )", "JSON"}}) {
    const auto item = MakeItemLineParser(line)->Parse(line);
    EXPECT_EQ(item.status().code(), absl::StatusCode::kInvalidArgument) << line;
    EXPECT_THAT(std::string(item.status().message()), HasSubstr(field)) << line;
  }
}

}  // namespace
}  // namespace ridgeline
