#include "client/backup/file_checksum.h"

#include <xxhash.h>

#include "absl/strings/str_cat.h"

namespace ridgeline {

FileChecksum::FileChecksum() : state_(XXH3_createState()) {
  XXH3_64bits_reset(state_.get());
}

void FileChecksum::Add(absl::string_view bytes) {
  XXH3_64bits_update(state_.get(), bytes.data(), bytes.size());
}

std::string FileChecksum::Hex() const {
  return absl::StrCat(absl::Hex(XXH3_64bits_digest(state_.get()), absl::kZeroPad16));
}

void FileChecksum::FreeState::operator()(XXH3_state_s* state) const {
  XXH3_freeState(state);
}

}  // namespace ridgeline
