#include "core/base/checksum.h"

#include <xxhash.h>

namespace ridgeline {

uint64_t Checksum64(absl::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

}  // namespace ridgeline
