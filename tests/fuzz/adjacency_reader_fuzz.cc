#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/interaction_reading.h"

namespace ridgeline {

RIDGELINE_FUZZ_TARGET(adjacency_reader) {
  CheckInteractionReading(InteractionFormat::kAdjacency, input);
}

}  // namespace ridgeline
