#ifndef RIDGELINE_TESTS_FUZZ_INTERACTION_READING_H_
#define RIDGELINE_TESTS_FUZZ_INTERACTION_READING_H_

#include "absl/strings/string_view.h"
#include "core/interactions/interaction_reader.h"

namespace ridgeline {

/// Reads `input`, whose last bytes are the settings, as a file of `format` and requires that
///   - every interaction handed on is valid;
///   - reading in blocks of a few bytes on two threads gives the same interactions, report and error as
///   reading line by
///     line;
///   - what was read, written as JSON lines, is read as the same.
void CheckInteractionReading(InteractionFormat format, absl::string_view input);

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_FUZZ_INTERACTION_READING_H_
