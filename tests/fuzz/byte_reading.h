#ifndef RIDGELINE_TESTS_FUZZ_BYTE_READING_H_
#define RIDGELINE_TESTS_FUZZ_BYTE_READING_H_

#include <algorithm>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/base/status_macros.h"
#include "core/interactions/byte_source.h"

namespace ridgeline {

/// What is behind `path`, read `piece` bytes at a time: its first 64 MiB, since a few bytes can claim any
/// number.
inline absl::StatusOr<std::string> ReadPieces(const std::string& path, size_t piece) {
  constexpr size_t kMost = size_t{64} << 20;
  RIDGELINE_ASSIGN_OR_RETURN(const std::unique_ptr<ByteSource> source, OpenByteSource(path));
  std::vector<char> buffer(piece);
  std::string bytes;
  while (bytes.size() < kMost) {
    RIDGELINE_ASSIGN_OR_RETURN(const size_t size, source->Read(absl::MakeSpan(buffer)));
    if (size == 0) break;
    bytes.append(buffer.data(), size);
  }
  bytes.resize(std::min(bytes.size(), kMost));
  return bytes;
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_FUZZ_BYTE_READING_H_
