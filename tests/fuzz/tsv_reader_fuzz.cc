#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/interaction_reading.h"

namespace ridgeline {

RIDGELINE_FUZZ_TARGET(tsv_reader) {
  CheckInteractionReading(InteractionFormat::kTsv, input);
}

}  // namespace ridgeline
