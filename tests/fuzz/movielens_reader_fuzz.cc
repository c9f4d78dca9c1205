#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/interaction_reading.h"

namespace ridgeline {

RIDGELINE_FUZZ_TARGET(movielens_reader) {
  CheckInteractionReading(InteractionFormat::kMovieLens, input);
}

}  // namespace ridgeline
