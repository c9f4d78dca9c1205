#include "core/base/utf8.h"

#include <string>

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

std::string Encode(uint32_t code_point) {
  const auto byte = [](uint32_t value) { return static_cast<char>(value); };
  if (code_point < 0x80) return {byte(code_point)};
  if (code_point < 0x800) return {byte(0xc0 | code_point >> 6), byte(0x80 | (code_point & 0x3f))};
  if (code_point < 0x10000) {
    return {byte(0xe0 | code_point >> 12), byte(0x80 | (code_point >> 6 & 0x3f)),
            byte(0x80 | (code_point & 0x3f))};
  }
  return {byte(0xf0 | code_point >> 18), byte(0x80 | (code_point >> 12 & 0x3f)),
          byte(0x80 | (code_point >> 6 & 0x3f)), byte(0x80 | (code_point & 0x3f))};
}

TEST(IsValidUtf8, TakesEveryCodePointButSurrogates) {
  for (uint32_t code_point = 0; code_point < 0x110000; ++code_point) {
    const bool is_surrogate = code_point >= 0xd800 && code_point < 0xe000;
    ASSERT_EQ(IsValidUtf8(Encode(code_point)), !is_surrogate) << code_point;
  }
}

TEST(IsValidUtf8, OfAllThreeBytesTakesOnlyThoseThatSpellCharacters) {
  // 128 one-byte characters, 1,920 two-byte ones, 61,440 three-byte ones: all the ways to fill exactly three
  // bytes.
  int valid = 0;
  for (uint32_t bits = 0; bits < 1u << 24; ++bits) {
    const char bytes[] = {static_cast<char>(bits >> 16), static_cast<char>(bits >> 8),
                          static_cast<char>(bits)};
    valid += IsValidUtf8(absl::string_view(bytes, 3)) ? 1 : 0;
  }
  EXPECT_EQ(valid, 128 * 128 * 128 + 2 * 128 * 1920 + 61440);
}

TEST(IsValidUtf8, RefusesOverlongTruncatedAndOutOfRange) {
  for (const char* bytes :
       {"\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\x80",
        "a\xe2\x82", "\xf0\x9f\x8e", "\xff", "\xe2\x28\xa1"}) {
    EXPECT_FALSE(IsValidUtf8(bytes));
  }
  EXPECT_TRUE(IsValidUtf8(""));
}

TEST(IsPrintableAscii, IsWhatIsWellFormedOfOneByteEachAndNoControl) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = {'a', static_cast<char>(byte)};
    EXPECT_EQ(IsPrintableAscii(text), IsValidUtf8(text) && !HasControlCharacter(text)) << byte;
  }
  EXPECT_TRUE(IsPrintableAscii(""));
}

TEST(HasControlCharacter, FindsBothBlocksOfThem) {
  for (uint32_t code_point = 0; code_point < 0x800; ++code_point) {
    const bool is_control = code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0);
    ASSERT_EQ(HasControlCharacter("a" + Encode(code_point)), is_control) << code_point;
  }
  EXPECT_FALSE(HasControlCharacter("Fantômas 映画 🎬"));
}

}  // namespace
}  // namespace ridgeline
