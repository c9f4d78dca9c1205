#include "core/base/utf8.h"

#include <cstddef>
#include <cstdint>

namespace ridgeline {
namespace {

uint8_t ByteAt(absl::string_view text, size_t index) {
  return static_cast<uint8_t>(text[index]);
}

// The length of the character that `lead` begins, 0 when none may begin with it.
size_t SequenceLength(uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf5 ? 4 : 0;
}

// Leads that allow only some second bytes: the others would be overlong, surrogates or above U+10FFFF.
bool IsSecondByteInRange(uint8_t lead, uint8_t second) {
  switch (lead) {
    case 0xe0:
      return second >= 0xa0;
    case 0xed:
      return second < 0xa0;
    case 0xf0:
      return second >= 0x90;
    case 0xf4:
      return second < 0x90;
    default:
      return true;
  }
}

}  // namespace

bool IsValidUtf8(absl::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const uint8_t lead = ByteAt(text, i);
    const size_t length = SequenceLength(lead);
    if (length == 0 || length > text.size() - i) return false;
    for (size_t j = 1; j < length; ++j) {
      if ((ByteAt(text, i + j) & 0xc0) != 0x80) return false;
    }
    if (length > 1 && !IsSecondByteInRange(lead, ByteAt(text, i + 1))) return false;
    i += length;
  }
  return true;
}

bool IsPrintableAscii(absl::string_view text) {
  bool printable = true;
  for (const char byte : text) printable &= static_cast<uint8_t>(byte - 0x20) < 0x5f;
  return printable;
}

bool HasControlCharacter(absl::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const uint8_t byte = ByteAt(text, i);
    if (byte < 0x20 || byte == 0x7f) return true;
    if (byte == 0xc2 && i + 1 < text.size() && ByteAt(text, i + 1) < 0xa0) return true;
  }
  return false;
}

}  // namespace ridgeline
