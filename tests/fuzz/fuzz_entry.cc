#include <cstddef>
#include <cstdint>

#include "tests/fuzz/fuzz_target.h"

// What libFuzzer calls with each input.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ridgeline::FuzzTargets().front().run(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
