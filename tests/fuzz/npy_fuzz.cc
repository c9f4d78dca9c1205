#include <cstring>

#include "core/lab/npy.h"
#include "tests/fuzz/fuzz_target.h"

namespace ridgeline {
namespace {

size_t ElementsOf(const FloatTensor& tensor) {
  size_t elements = 1;
  for (const int64_t dimension : tensor.shape) {
    Require(dimension >= 0, "no dimension is negative");
    elements *= static_cast<size_t>(dimension);
  }
  return elements;
}

// As many numbers as the shape says, no more than there are bytes; a matrix is the same written and read
// again.
RIDGELINE_FUZZ_TARGET(npy) {
  const absl::StatusOr<FloatTensor> tensor = ParseNpy(input);
  RequireExplained(tensor.status());
  if (!tensor.ok()) return;
  Require(tensor->shape.size() <= 2, "an array has at most two dimensions");
  Require(tensor->values.size() == ElementsOf(*tensor), "there are as many numbers as the shape says");
  Require(tensor->values.size() * 2 <= input.size(), "there are no more numbers than bytes for them");
  if (tensor->shape.size() != 2 || tensor->values.empty()) return;
  const absl::StatusOr<FloatTensor> again =
      ParseNpy(FormatNpy(absl::MakeConstSpan(tensor->values), static_cast<size_t>(tensor->shape[1])));
  Require(again.ok() && again->shape == tensor->shape, "what was read can be written and read");
  // By their bits: a NaN is not equal to itself.
  Require(std::memcmp(again->values.data(), tensor->values.data(), again->values.size() * sizeof(float)) == 0,
          "numbers are the same, written and read again");
}

}  // namespace
}  // namespace ridgeline
