#include "tests/fuzz/fuzz_target.h"

#include <cstdio>
#include <cstdlib>

namespace ridgeline {

std::vector<FuzzTarget>& FuzzTargets() {
  static std::vector<FuzzTarget>& targets = *new std::vector<FuzzTarget>();
  return targets;
}

bool RegisterFuzzTarget(const char* name, void (*run)(absl::string_view input)) {
  FuzzTargets().push_back({name, run});
  return true;
}

void Require(bool holds, absl::string_view claim) {
  if (holds) return;
  std::fprintf(stderr, "fuzz: this does not hold: %.*s\n", static_cast<int>(claim.size()), claim.data());
  std::abort();
}

void RequireExplained(const absl::Status& status) {
  Require(status.ok() || !status.message().empty(), "an error says what is wrong");
}

}  // namespace ridgeline
