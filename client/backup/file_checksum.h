#ifndef RIDGELINE_CLIENT_BACKUP_FILE_CHECKSUM_H_
#define RIDGELINE_CLIENT_BACKUP_FILE_CHECKSUM_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"

struct XXH3_state_s;

namespace ridgeline {

/// XXH3 (64 bits) of bytes that come in pieces: finds accidental damage, not forgery. Thread-compatible.
class FileChecksum {
 public:
  FileChecksum();

  void Add(absl::string_view bytes);

  /// Of all that was added so far: 16 hex digits, as `xxhsum -H3` prints.
  std::string Hex() const;

 private:
  struct FreeState {
    void operator()(XXH3_state_s* state) const;
  };

  const std::unique_ptr<XXH3_state_s, FreeState> state_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_BACKUP_FILE_CHECKSUM_H_
