#include "client/cli/display_width.h"

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(DisplayWidth(""), 0);
  EXPECT_EQ(DisplayWidth("Amelie"), 6);
  EXPECT_EQ(DisplayWidth("Amélie"), 6);
  EXPECT_EQ(DisplayWidth("Ame\u0301lie"), 6) << "a combining accent takes no column";
  EXPECT_EQ(DisplayWidth("千と千尋"), 8);
  EXPECT_EQ(DisplayWidth("😀!"), 3);
}

TEST(DisplayWidth, CountsMalformedBytesAsOneColumnEach) {
  EXPECT_EQ(DisplayWidth("a\xFF"
                         "b"),
            3);
  EXPECT_EQ(DisplayWidth("\xE5\x8D"), 2);
}

TEST(TruncateToWidth, KeepsWhatFits) {
  EXPECT_EQ(TruncateToWidth("Heat", 4), "Heat");
  EXPECT_EQ(TruncateToWidth("", 1), "");
}

TEST(TruncateToWidth, NeverCutsACharacterInTwo) {
  EXPECT_EQ(TruncateToWidth("Heat (1995)", 5), "Heat…");
  EXPECT_EQ(TruncateToWidth("千と千尋", 4), "千…");
  EXPECT_EQ(TruncateToWidth("Amélie", 4), "Amé…");
  EXPECT_EQ(TruncateToWidth("ab", 1), "…");
}

TEST(Printable, TakesCommandsAwayFromTitles) {
  EXPECT_EQ(Printable("a\nb\x1B[31mc\x7F"), "a b [31mc ");
  EXPECT_EQ(Printable("a\u009Bb"), "a  b");
  EXPECT_EQ(Printable("Amélie 千"), "Amélie 千");
}

}  // namespace
}  // namespace ridgeline
