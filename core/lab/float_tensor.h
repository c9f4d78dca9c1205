#ifndef RIDGELINE_CORE_LAB_FLOAT_TENSOR_H_
#define RIDGELINE_CORE_LAB_FLOAT_TENSOR_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/page_memory.h"

namespace ridgeline {

/// Numbers that another program stored, as float32. A plain value.
struct FloatTensor {
  std::vector<int64_t> shape;  ///< empty: a single number
  PageVector<float> values;    ///< row-major
};

/// What an element was stored as, little-endian.
enum class ElementType { kFloat16, kFloat32, kFloat64, kInt32, kInt64 };

/// `bytes` as elements of `type` in `shape`, row-major. kInvalidArgument when there are not as many bytes as
/// these need, or a dimension is negative.
absl::StatusOr<FloatTensor> MakeFloatTensor(ElementType type, std::vector<int64_t> shape,
                                            absl::string_view bytes);

/// `tensor`, whose values stand column by column, with them row by row. At most two dimensions.
FloatTensor FromColumnMajor(FloatTensor tensor);

/// "[3 x 4]", for messages.
std::string ShapeText(const std::vector<int64_t>& shape);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_FLOAT_TENSOR_H_
