#ifndef RIDGELINE_TESTS_FUZZ_INPUT_CUTTER_H_
#define RIDGELINE_TESTS_FUZZ_INPUT_CUTTER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>

#include "absl/strings/string_view.h"

namespace ridgeline {

/// Cuts an input into what a target needs. Numbers come off the end, so that what a parser gets stands
/// readably at the front of a file of the corpus; behind the last byte all numbers are 0 and all texts empty.
/// Thread-compatible.
class InputCutter {
 public:
  /// `input` must outlive what is cut off it.
  explicit InputCutter(absl::string_view input) : rest_(input) {}

  /// A number of any bits.
  template <typename Number>
  Number TakeNumber() {
    static_assert(std::is_trivially_copyable_v<Number>);
    Number number{};
    const size_t bytes = std::min(sizeof(Number), rest_.size());
    std::memcpy(&number, rest_.data() + rest_.size() - bytes, bytes);
    rest_.remove_suffix(bytes);
    return number;
  }

  /// Below `count`, which is at most 256.
  uint8_t TakeBelow(int count) { return static_cast<uint8_t>(TakeNumber<uint8_t>() % count); }

  bool TakeBool() { return (TakeNumber<uint8_t>() & 1) != 0; }

  /// Up to `longest` bytes off the front.
  absl::string_view TakeText(size_t longest) {
    const size_t length = std::min<size_t>(longest, TakeNumber<uint8_t>());
    const absl::string_view text = rest_.substr(0, length);
    rest_.remove_prefix(text.size());
    return text;
  }

  /// All that was not taken.
  absl::string_view rest() const { return rest_; }
  bool empty() const { return rest_.empty(); }

 private:
  absl::string_view rest_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_FUZZ_INPUT_CUTTER_H_
