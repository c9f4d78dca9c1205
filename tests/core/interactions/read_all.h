#ifndef RIDGELINE_TESTS_CORE_INTERACTIONS_READ_ALL_H_
#define RIDGELINE_TESTS_CORE_INTERACTIONS_READ_ALL_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/status_macros.h"
#include "core/interactions/byte_source.h"

namespace ridgeline {

/// All that is in the file `path`, read with a buffer of `buffer_bytes`.
inline absl::StatusOr<std::string> ReadAll(const std::string& path, size_t buffer_bytes) {
  RIDGELINE_ASSIGN_OR_RETURN(const std::unique_ptr<ByteSource> source, OpenByteSource(path));
  std::vector<char> buffer(buffer_bytes);
  std::string text;
  while (true) {
    RIDGELINE_ASSIGN_OR_RETURN(const size_t size, source->Read(absl::MakeSpan(buffer)));
    if (size == 0) return text;
    text.append(buffer.data(), size);
  }
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_INTERACTIONS_READ_ALL_H_
