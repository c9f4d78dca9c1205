#ifndef RIDGELINE_CORE_BASE_CHECKSUM_H_
#define RIDGELINE_CORE_BASE_CHECKSUM_H_

#include <cstdint>
#include <memory>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

struct XXH3_state_s;

namespace ridgeline {

/// XXH3, 64 bits, of `bytes`: finds accidental damage, not forgery.
uint64_t Checksum64(absl::string_view bytes);

/// The same of `chunks` one after another, without joining them.
uint64_t Checksum64(absl::Span<const absl::string_view> chunks);

/// The same of bytes that come in pieces. Thread-compatible.
class RunningChecksum {
 public:
  RunningChecksum();

  void Add(absl::string_view bytes);

  /// Forgets what was added.
  void Reset();

  /// Of all that was added so far.
  uint64_t value() const;

 private:
  struct FreeState {
    void operator()(XXH3_state_s* state) const;
  };

  const std::unique_ptr<XXH3_state_s, FreeState> state_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASE_CHECKSUM_H_
