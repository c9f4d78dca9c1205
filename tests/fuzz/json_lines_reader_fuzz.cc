#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/interaction_reading.h"

namespace ridgeline {

RIDGELINE_FUZZ_TARGET(json_lines_reader) {
  CheckInteractionReading(InteractionFormat::kJsonLines, input);
}

}  // namespace ridgeline
