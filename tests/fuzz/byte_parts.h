#ifndef RIDGELINE_TESTS_FUZZ_BYTE_PARTS_H_
#define RIDGELINE_TESTS_FUZZ_BYTE_PARTS_H_

#include <grpcpp/support/byte_buffer.h>

#include <cstddef>

#include "absl/strings/string_view.h"

namespace ridgeline {

/// `bytes` as they came from the network in two parts, cut anywhere.
inline grpc::ByteBuffer InParts(absl::string_view bytes, size_t cut) {
  cut %= bytes.size() + 1;
  const grpc::Slice slices[] = {grpc::Slice(bytes.data(), cut),
                                grpc::Slice(bytes.data() + cut, bytes.size() - cut)};
  return grpc::ByteBuffer(slices, 2);
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_FUZZ_BYTE_PARTS_H_
