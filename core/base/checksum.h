#ifndef RIDGELINE_CORE_BASE_CHECKSUM_H_
#define RIDGELINE_CORE_BASE_CHECKSUM_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ridgeline {

/// XXH3, 64 bits, of `bytes`: finds accidental damage, not forgery.
uint64_t Checksum64(absl::string_view bytes);

/// The same of `chunks` one after another, without joining them.
uint64_t Checksum64(absl::Span<const absl::string_view> chunks);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASE_CHECKSUM_H_
