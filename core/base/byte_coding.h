#ifndef RIDGELINE_CORE_BASE_BYTE_CODING_H_
#define RIDGELINE_CORE_BASE_BYTE_CODING_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace ridgeline {

/// Append numbers and strings to `bytes` in the forms that ByteReader takes apart; the same bytes on every
/// machine. Numbers in values are little-endian, those in keys big-endian, so that keys sort by them.
void AppendFixed32(uint32_t number, std::string* bytes);
void AppendFixed64(uint64_t number, std::string* bytes);
void AppendBigEndian16(uint16_t number, std::string* bytes);
void AppendBigEndian64(uint64_t number, std::string* bytes);

/// fixed32 size, then the text, which is shorter than 2^32 bytes.
void AppendSized(absl::string_view text, std::string* bytes);

/// Takes encoded values off the front of bytes that may be damaged. A failed read, here or before, gives zero
/// or empty and makes ok() false for good, so one check after the last read will do. Thread-compatible; the
/// bytes must outlive the reader and the views it returns.
class ByteReader {
 public:
  explicit ByteReader(absl::string_view bytes) : rest_(bytes) {}

  uint8_t Byte();
  uint32_t Fixed32();
  uint64_t Fixed64();
  uint16_t BigEndian16();
  uint64_t BigEndian64();
  absl::string_view Sized();

  /// The next `size` bytes.
  absl::string_view Take(uint64_t size);

  /// All bytes that are left.
  absl::string_view Rest() { return Take(rest_.size()); }

  /// Whether every read so far found its bytes.
  bool ok() const { return ok_; }

  /// Whether that is so and nothing is left.
  bool done() const { return ok_ && rest_.empty(); }

 private:
  absl::string_view rest_;
  bool ok_ = true;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASE_BYTE_CODING_H_
