#include "client/cli/display_width.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "absl/strings/str_cat.h"

namespace ridgeline {
namespace {

struct Range {
  uint32_t first;
  uint32_t last;
};

// Marks that are drawn over the character before them, and invisible joiners. In order.
constexpr Range kNoWidth[] = {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x064B, 0x065F},
                              {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200F}, {0x20D0, 0x20FF},
                              {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}};

// East Asian wide and full-width characters and emoji (Unicode annex 11, blocks rounded outwards). In order.
constexpr Range kDoubleWidth[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},  {0xAC00, 0xD7A3},
                                  {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},  {0xFFE0, 0xFFE6},
                                  {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};

template <size_t N>
bool Contains(const Range (&ranges)[N], uint32_t character) {
  const Range* range = std::partition_point(std::begin(ranges), std::end(ranges),
                                            [&](const Range& r) { return r.last < character; });
  return range != std::end(ranges) && range->first <= character;
}

int CharacterWidth(uint32_t character) {
  if (Contains(kNoWidth, character)) return 0;
  return Contains(kDoubleWidth, character) ? 2 : 1;
}

struct Character {
  uint32_t value = 0;
  size_t bytes = 1;
};

// The first character of `text`, not empty. What is not UTF-8 is one character a byte.
Character Decode(absl::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  if (bytes == 1 || text.size() < bytes) return {lead, 1};
  uint32_t value = lead & (0xFFu >> (bytes + 1));
  for (size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80) return {lead, 1};
    value = (value << 6) | (next & 0x3Fu);
  }
  return {value, bytes};
}

}  // namespace

int DisplayWidth(absl::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const Character character = Decode(text);
    width += CharacterWidth(character.value);
    text.remove_prefix(character.bytes);
  }
  return width;
}

std::string TruncateToWidth(absl::string_view text, int width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  int used = 0;
  size_t end = 0;
  while (end < text.size()) {
    const Character character = Decode(text.substr(end));
    used += CharacterWidth(character.value);
    if (used > width - 1) break;
    end += character.bytes;
  }
  return absl::StrCat(text.substr(0, end), "…");
}

std::string Printable(absl::string_view text) {
  std::string printable(text);
  for (size_t at = 0; at < printable.size();) {
    const Character character = Decode(absl::string_view(printable).substr(at));
    const bool control = character.value < 0x20 || (character.value >= 0x7F && character.value < 0xA0);
    if (control) std::fill_n(printable.begin() + at, character.bytes, ' ');
    at += character.bytes;
  }
  return printable;
}

}  // namespace ridgeline
