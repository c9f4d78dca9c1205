#ifndef RIDGELINE_TESTS_FUZZ_COMPRESSED_READING_H_
#define RIDGELINE_TESTS_FUZZ_COMPRESSED_READING_H_

#include <string>

#include "absl/strings/string_view.h"

namespace ridgeline {

/// Reads `input` as a compressed file that anybody may have sent, and requires that pieces of another size
/// give the same bytes or error. Then takes it as a text, and requires that `compress` of two parts of it,
/// one after another, is read as the text, and with its last bytes missing is found to be cut off.
void CheckCompressedReading(absl::string_view input, std::string (*compress)(const std::string& text));

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_FUZZ_COMPRESSED_READING_H_
