#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/interaction_reading.h"

namespace ridgeline {

RIDGELINE_FUZZ_TARGET(csv_reader) {
  CheckInteractionReading(InteractionFormat::kCsv, input);
}

}  // namespace ridgeline
