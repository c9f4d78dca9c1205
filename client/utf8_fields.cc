#include "client/utf8_fields.h"

#include <cstdint>
#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace ridgeline {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Length of the longest prefix of `text` that is ASCII, rounded down to whole words.
size_t AsciiWords(absl::string_view text) {
  constexpr uint64_t kHighBits = 0x8080808080808080u;
  size_t at = 0;
  for (uint64_t word; at + sizeof(word) <= text.size(); at += sizeof(word)) {
    std::memcpy(&word, text.data() + at, sizeof(word));
    if ((word & kHighBits) != 0) break;
  }
  return at;
}

// How many continuation bytes follow `lead`; -1 when no character begins with it.
int ContinuationBytes(unsigned char lead) {
  if (lead < 0x80) return 0;
  if (lead >= 0xC2 && lead <= 0xDF) return 1;
  if (lead >= 0xE0 && lead <= 0xEF) return 2;
  if (lead >= 0xF0 && lead <= 0xF4) return 3;
  return -1;
}

// Whether the byte after `lead` keeps the character out of the overlong forms, the surrogates and the range
// above U+10FFFF (Unicode standard, table 3-7).
bool SecondByteFits(unsigned char lead, unsigned char second) {
  switch (lead) {
    case 0xE0:
      return second >= 0xA0;
    case 0xED:
      return second <= 0x9F;
    case 0xF0:
      return second >= 0x90;
    case 0xF4:
      return second <= 0x8F;
    default:
      return true;
  }
}

// Bytes of the well-formed character that `text`, not empty, begins with; 0 when there is none.
size_t CharacterLength(absl::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const int following = ContinuationBytes(lead);
  if (following < 0 || text.size() <= static_cast<size_t>(following)) return 0;
  for (int i = 1; i <= following; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) return 0;
  }
  if (following > 0 && !SecondByteFits(lead, static_cast<unsigned char>(text[1]))) return 0;
  return static_cast<size_t>(following) + 1;
}

// No overlong forms, no surrogates, nothing above U+10FFFF.
bool IsValidUtf8(absl::string_view text) {
  for (text.remove_prefix(AsciiWords(text)); !text.empty();) {
    const size_t length = CharacterLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

// The functions below return the path of the first malformed string, empty when there is none. Paths are put
// together on the way back, so that sound requests cost no allocation.

std::string FindInMessage(const Message& message);

std::string Joined(absl::string_view name, const std::string& rest) {
  return rest.empty() ? "" : rest == "." ? std::string(name) : absl::StrCat(name, ".", rest);
}

// "." says that the string itself is malformed.
std::string CheckText(const std::string& text) {
  return IsValidUtf8(text) ? "" : ".";
}

std::string FindInRepeated(const Message& message, const Reflection& reflection, const FieldDescriptor* field,
                           bool text) {
  const int size = reflection.FieldSize(message, field);
  std::string scratch;
  for (int i = 0; i < size; ++i) {
    const std::string found =
        text ? CheckText(reflection.GetRepeatedStringReference(message, field, i, &scratch))
             : FindInMessage(reflection.GetRepeatedMessage(message, field, i));
    if (!found.empty()) return Joined(absl::StrCat(field->name(), "[", i, "]"), found);
  }
  return "";
}

std::string FindInSingular(const Message& message, const Reflection& reflection, const FieldDescriptor* field,
                           bool text) {
  if (field->has_presence() && !reflection.HasField(message, field)) return "";
  std::string scratch;
  const std::string found = text ? CheckText(reflection.GetStringReference(message, field, &scratch))
                                 : FindInMessage(reflection.GetMessage(message, field));
  return Joined(field->name(), found);
}

std::string FindInMessage(const Message& message) {
  const Reflection& reflection = *message.GetReflection();
  const int fields = message.GetDescriptor()->field_count();
  for (int i = 0; i < fields; ++i) {
    const FieldDescriptor* field = message.GetDescriptor()->field(i);
    const bool text = field->type() == FieldDescriptor::TYPE_STRING;
    if (!text && field->type() != FieldDescriptor::TYPE_MESSAGE) continue;
    std::string found = field->is_repeated() ? FindInRepeated(message, reflection, field, text)
                                             : FindInSingular(message, reflection, field, text);
    if (!found.empty()) return found;
  }
  return "";
}

}  // namespace

absl::Status ValidateUtf8Fields(const Message& request) {
  const std::string path = FindInMessage(request);
  if (path.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(path, ": must be valid UTF-8"));
}

}  // namespace ridgeline
