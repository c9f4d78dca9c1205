#ifndef RIDGELINE_TESTS_FUZZ_FUZZ_TARGET_H_
#define RIDGELINE_TESTS_FUZZ_FUZZ_TARGET_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace ridgeline {

/// A parser of bytes from outside together with what is claimed of it. `run` gets any bytes whatever and
/// returns, or ends the process when a claim does not hold. It may keep state from one input to the next only
/// where that changes no outcome.
struct FuzzTarget {
  std::string name;
  void (*run)(absl::string_view input);
};

/// The targets linked into this program: one in a fuzzer, all of them in the test of the corpora.
std::vector<FuzzTarget>& FuzzTargets();

/// Adds to FuzzTargets().
bool RegisterFuzzTarget(const char* name, void (*run)(absl::string_view input));

/// Ends the process, saying `claim`, unless it `holds`.
void Require(bool holds, absl::string_view claim);

/// Of every status from outside bytes: an error says what is wrong.
void RequireExplained(const absl::Status& status);

}  // namespace ridgeline

/// Begins a function of `input` that is the fuzz target `name`, whose corpus is tests/fuzz/corpus/NAME.
#define RIDGELINE_FUZZ_TARGET(name)                                                            \
  static void Fuzz_##name(absl::string_view input);                                            \
  static const bool kRegistered_##name = ::ridgeline::RegisterFuzzTarget(#name, &Fuzz_##name); \
  static void Fuzz_##name(absl::string_view input)

#endif  // RIDGELINE_TESTS_FUZZ_FUZZ_TARGET_H_
