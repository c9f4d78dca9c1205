#ifndef RIDGELINE_CORE_INTERACTIONS_GZIP_SOURCE_H_
#define RIDGELINE_CORE_INTERACTIONS_GZIP_SOURCE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "core/interactions/byte_source.h"

namespace ridgeline {

/// What gzip stored in `source` (RFC 1952), all members one after another. Owns `source`; `path` is for
/// messages. kResourceExhausted when there is no memory. Reading gives kDataLoss when a checksum fails, the
/// end is missing or something else follows a member.
absl::StatusOr<std::unique_ptr<ByteSource>> MakeGzipSource(std::unique_ptr<ByteSource> source,
                                                           std::string path);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_GZIP_SOURCE_H_
