#include "core/base/checksum.h"

#include <xxhash.h>

#include <algorithm>

#include "core/base/thread_priority.h"

namespace ridgeline {
namespace {

constexpr size_t kPieceBytes = 256 << 10;  // a matter of microseconds

}  // namespace

uint64_t Checksum64(absl::string_view bytes) {
  if (bytes.size() <= kPieceBytes) return XXH3_64bits(bytes.data(), bytes.size());
  return Checksum64(absl::MakeConstSpan(&bytes, 1));
}

uint64_t Checksum64(absl::Span<const absl::string_view> chunks) {
  RunningChecksum checksum;
  for (absl::string_view chunk : chunks) checksum.Add(chunk);
  return checksum.value();
}

RunningChecksum::RunningChecksum() : state_(XXH3_createState()) {
  Reset();
}

void RunningChecksum::Reset() {
  XXH3_64bits_reset(state_.get());
}

void RunningChecksum::Add(absl::string_view bytes) {
  for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), kPieceBytes))) {
    XXH3_64bits_update(state_.get(), bytes.data(), std::min(bytes.size(), kPieceBytes));
    GiveWay();
  }
}

uint64_t RunningChecksum::value() const {
  return XXH3_64bits_digest(state_.get());
}

void RunningChecksum::FreeState::operator()(XXH3_state_s* state) const {
  XXH3_freeState(state);
}

}  // namespace ridgeline
