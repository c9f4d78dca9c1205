#include "tests/core/interactions/compression.h"
#include "tests/fuzz/compressed_reading.h"
#include "tests/fuzz/fuzz_target.h"

namespace ridgeline {

RIDGELINE_FUZZ_TARGET(gzip_reader) {
  CheckCompressedReading(input, &GzipOf);
}

}  // namespace ridgeline
