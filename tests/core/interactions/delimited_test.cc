#include "core/interactions/delimited.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> Fields(Separator separator, absl::string_view line) {
  FieldSplitter splitter(separator);
  EXPECT_TRUE(splitter.Split(line).ok()) << line;
  return std::vector<std::string>(splitter.fields().begin(), splitter.fields().end());
}

TEST(FieldSplitter, SplitsAtEverySeparatorAndKeepsBlanks) {
  EXPECT_THAT(Fields(Separator::kComma, "a, b ,,c,"), ElementsAre("a", " b ", "", "c", ""));
  EXPECT_THAT(Fields(Separator::kTab, "a\tb,c"), ElementsAre("a", "b,c"));
  EXPECT_THAT(Fields(Separator::kDoubleColon, "1::a:b::::2"), ElementsAre("1", "a:b", "", "2"));
  EXPECT_THAT(Fields(Separator::kComma, ""), ElementsAre(""));
}

TEST(FieldSplitter, UndoesQuotes) {
  EXPECT_THAT(Fields(Separator::kComma, R"(1,"a, b",2)"), ElementsAre("1", "a, b", "2"));
  EXPECT_THAT(Fields(Separator::kComma, R"("say ""hi""","","""")"), ElementsAre("say \"hi\"", "", "\""));
  EXPECT_THAT(Fields(Separator::kTab, "\"a\tb\"\tc"), ElementsAre("a\tb", "c"));
}

TEST(FieldSplitter, AQuoteInsideAnUnquotedFieldIsItself) {
  EXPECT_THAT(Fields(Separator::kComma, R"(12" vinyl,b)"), ElementsAre("12\" vinyl", "b"));
  EXPECT_THAT(Fields(Separator::kDoubleColon, R"("a"::b)"), ElementsAre("\"a\"", "b"));
}

TEST(FieldSplitter, AnEmptyFieldAfterAQuotedOneCounts) {
  EXPECT_THAT(Fields(Separator::kComma, R"("a",)"), ElementsAre("a", ""));
  EXPECT_THAT(Fields(Separator::kComma, R"(,"a")"), ElementsAre("", "a"));
}

TEST(FieldSplitter, RefusesOpenQuotesAndTextBehindClosedOnes) {
  FieldSplitter splitter(Separator::kComma);
  for (const char* line : {R"("a)", R"(b,")", R"("a"")", R"("a"b,c)", R"("a" ,c)"}) {
    EXPECT_EQ(splitter.Split(line).code(), absl::StatusCode::kInvalidArgument) << line;
  }
}

TEST(FieldSplitter, GivesBackFieldsThatWereQuotedByTheBook) {
  const std::vector<std::string> fields = {"", "a", "\"", "\"\"", ",", "a\"b", "\",\"", "::", "\t"};
  for (const std::string& first : fields) {
    for (const std::string& second : fields) {
      std::string line;
      for (const std::string* field : {&first, &second}) {
        line += line.empty() ? "\"" : ",\"";
        for (const char c : *field) line += c == '"' ? std::string("\"\"") : std::string(1, c);
        line += '"';
      }
      EXPECT_THAT(Fields(Separator::kComma, line), ElementsAre(first, second));
    }
  }
}

TEST(FindSeparator, TakesTheFirstOutsideQuotes) {
  EXPECT_EQ(FindSeparator("a,b\tc"), Separator::kComma);
  EXPECT_EQ(FindSeparator("a\tb,c::d"), Separator::kTab);
  EXPECT_EQ(FindSeparator("1::Title, The::x"), Separator::kDoubleColon);
  EXPECT_EQ(FindSeparator("\"a\tb\",c"), Separator::kComma);
  EXPECT_EQ(FindSeparator("a:b,c"), Separator::kComma);
  EXPECT_EQ(FindSeparator("a b c"), absl::nullopt);
  EXPECT_EQ(FindSeparator(""), absl::nullopt);
}

}  // namespace
}  // namespace ridgeline
