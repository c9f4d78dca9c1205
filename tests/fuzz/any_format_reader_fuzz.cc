#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/interaction_reading.h"

namespace ridgeline {

RIDGELINE_FUZZ_TARGET(any_format_reader) {
  CheckInteractionReading(InteractionFormat::kAuto, input);
}

}  // namespace ridgeline
