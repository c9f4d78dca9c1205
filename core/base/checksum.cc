#include "core/base/checksum.h"

#include <xxhash.h>

#include <memory>

namespace ridgeline {

uint64_t Checksum64(absl::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

uint64_t Checksum64(absl::Span<const absl::string_view> chunks) {
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(), &XXH3_freeState);
  XXH3_64bits_reset(state.get());
  for (absl::string_view chunk : chunks) XXH3_64bits_update(state.get(), chunk.data(), chunk.size());
  return XXH3_64bits_digest(state.get());
}

}  // namespace ridgeline
