#ifndef RIDGELINE_CORE_INTERACTIONS_BYTE_SOURCE_H_
#define RIDGELINE_CORE_INTERACTIONS_BYTE_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace ridgeline {

/// A stream of bytes read once from front to back. Thread-compatible.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  /// Fills `buffer`, which must not be empty, from its front; returns how many bytes came, 0 only at the end.
  /// kDataLoss when the stored form is damaged or cut off, else the code of the failed read. After an error
  /// the source is not to be used again.
  virtual absl::StatusOr<size_t> Read(absl::Span<char> buffer) = 0;

  /// Bytes of the file, as stored, taken so far.
  virtual int64_t stored_bytes() const = 0;
};

/// Opens `path` and undoes its compression, gzip or zstd, which the first bytes tell; other files come as
/// they are. kNotFound when there is no such file, kInvalidArgument when it is a directory, else the code of
/// the failed call.
absl::StatusOr<std::unique_ptr<ByteSource>> OpenByteSource(const std::string& path);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_BYTE_SOURCE_H_
