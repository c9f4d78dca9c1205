#include "core/base/byte_coding.h"

#include <cstddef>

namespace ridgeline {
namespace {

template <typename Number>
void AppendLittleEndian(Number number, std::string* bytes) {
  for (size_t i = 0; i < sizeof(Number); ++i) bytes->push_back(static_cast<char>((number >> (8 * i)) & 0xff));
}

template <typename Number>
void AppendBigEndian(Number number, std::string* bytes) {
  for (size_t i = sizeof(Number); i-- > 0;) bytes->push_back(static_cast<char>((number >> (8 * i)) & 0xff));
}

template <typename Number>
Number LittleEndian(absl::string_view bytes) {
  if (bytes.size() != sizeof(Number)) return 0;
  Number number = 0;
  for (size_t i = 0; i < sizeof(Number); ++i) {
    number |= static_cast<Number>(static_cast<Number>(static_cast<uint8_t>(bytes[i])) << (8 * i));
  }
  return number;
}

template <typename Number>
Number BigEndian(absl::string_view bytes) {
  if (bytes.size() != sizeof(Number)) return 0;
  Number number = 0;
  for (size_t i = 0; i < sizeof(Number); ++i) {
    number = static_cast<Number>(number << 8 | static_cast<uint8_t>(bytes[i]));
  }
  return number;
}

}  // namespace

void AppendFixed32(uint32_t number, std::string* bytes) {
  AppendLittleEndian(number, bytes);
}

void AppendFixed64(uint64_t number, std::string* bytes) {
  AppendLittleEndian(number, bytes);
}

void AppendBigEndian16(uint16_t number, std::string* bytes) {
  AppendBigEndian(number, bytes);
}

void AppendBigEndian64(uint64_t number, std::string* bytes) {
  AppendBigEndian(number, bytes);
}

void AppendSized(absl::string_view text, std::string* bytes) {
  AppendFixed32(static_cast<uint32_t>(text.size()), bytes);
  bytes->append(text.data(), text.size());
}

uint8_t ByteReader::Byte() {
  return LittleEndian<uint8_t>(Take(sizeof(uint8_t)));
}

uint32_t ByteReader::Fixed32() {
  return LittleEndian<uint32_t>(Take(sizeof(uint32_t)));
}

uint64_t ByteReader::Fixed64() {
  return LittleEndian<uint64_t>(Take(sizeof(uint64_t)));
}

uint16_t ByteReader::BigEndian16() {
  return BigEndian<uint16_t>(Take(sizeof(uint16_t)));
}

uint64_t ByteReader::BigEndian64() {
  return BigEndian<uint64_t>(Take(sizeof(uint64_t)));
}

absl::string_view ByteReader::Sized() {
  return Take(Fixed32());
}

absl::string_view ByteReader::Take(uint64_t size) {
  if (size > rest_.size()) ok_ = false;
  if (!ok_) return {};
  const absl::string_view taken = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return taken;
}

}  // namespace ridgeline
