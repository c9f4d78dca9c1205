#include "client/cli/table.h"

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(Table, AlignsColumnsByWhatIsSeen) {
  Table table({{"ITEM"}, {"TITLE"}, {"SCORE", Table::Align::kRight}});
  table.AddRow({"1", "Amélie", "4.5"});
  table.AddRow({"1210", "千と千尋", "12.25"});
  EXPECT_EQ(table.Render(),
            "ITEM  TITLE     SCORE\n"
            "1     Amélie      4.5\n"
            "1210  千と千尋  12.25\n");
}

TEST(Table, LeavesOutColumnsWithoutContent) {
  Table table({{"ITEM"}, {"TITLE"}, {"SCORE"}});
  table.AddRow({"1", "", "2"});
  EXPECT_EQ(table.Render(), "ITEM  SCORE\n1     2\n");
}

TEST(Table, HasNoTrailingBlanks) {
  Table table({{"A"}, {"B"}});
  table.AddRow({"x", "long"});
  table.AddRow({"y", ""});
  EXPECT_EQ(table.Render(), "A  B\nx  long\ny\n");
}

TEST(Table, CutsOnlyColumnsThatMayBeCut) {
  Table table({{"ID"}, {"TITLE", Table::Align::kLeft, 6}});
  table.AddRow({"a-very-long-id", "a very long title"});
  EXPECT_EQ(table.Render(), "ID              TITLE\na-very-long-id  a ver…\n");
}

TEST(Table, KeepsControlCharactersFromBreakingLines) {
  Table table({{"T"}});
  table.AddRow({"two\nlines"});
  EXPECT_EQ(table.Render(), "T\ntwo lines\n");
}

TEST(Table, OfPropertiesHasNoTitleLine) {
  Table table = Table::OfProperties();
  table.AddRow({"version", "v1"});
  table.AddRow({"k", "64"});
  EXPECT_EQ(table.Render(), "version  v1\nk        64\n");
}

TEST(Table, WithoutRowsIsEmpty) {
  const Table table({{"A"}});
  EXPECT_TRUE(table.empty());
  EXPECT_EQ(table.Render(), "");
}

}  // namespace
}  // namespace ridgeline
