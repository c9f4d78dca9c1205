#include "core/lab/float_tensor.h"

#include <Eigen/Core>
#include <cstring>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

size_t BytesOf(ElementType type) {
  switch (type) {
    case ElementType::kFloat16:
      return 2;
    case ElementType::kFloat32:
    case ElementType::kInt32:
      return 4;
    default:
      return 8;
  }
}

absl::StatusOr<int64_t> CountElements(const std::vector<int64_t>& shape) {
  int64_t count = 1;
  for (const int64_t dimension : shape) {
    if (dimension < 0) return absl::InvalidArgumentError("a dimension is negative");
    if (dimension > 0 && count > std::numeric_limits<int64_t>::max() / 8 / dimension) {
      return absl::InvalidArgumentError("the shape is too large");
    }
    count *= dimension;
  }
  return count;
}

template <class Element>
PageVector<float> Convert(absl::string_view bytes) {
  PageVector<float> values(bytes.size() / sizeof(Element));
  for (size_t i = 0; i < values.size(); ++i) {
    Element element;
    std::memcpy(&element, bytes.data() + i * sizeof(Element), sizeof(Element));
    values[i] = static_cast<float>(element);
  }
  return values;
}

PageVector<float> Convert(ElementType type, absl::string_view bytes) {
  switch (type) {
    case ElementType::kFloat16:
      return Convert<Eigen::half>(bytes);
    case ElementType::kFloat32:
      return Convert<float>(bytes);
    case ElementType::kFloat64:
      return Convert<double>(bytes);
    case ElementType::kInt32:
      return Convert<int32_t>(bytes);
    case ElementType::kInt64:
      break;
  }
  return Convert<int64_t>(bytes);
}

}  // namespace

absl::StatusOr<FloatTensor> MakeFloatTensor(ElementType type, std::vector<int64_t> shape,
                                            absl::string_view bytes) {
  RIDGELINE_ASSIGN_OR_RETURN(const int64_t count, CountElements(shape));
  const size_t needed = static_cast<size_t>(count) * BytesOf(type);
  if (bytes.size() != needed) {
    return absl::InvalidArgumentError(absl::StrCat("there are ", bytes.size(), " bytes of data, the shape ",
                                                   ShapeText(shape), " needs ", needed));
  }
  return FloatTensor{std::move(shape), Convert(type, bytes)};
}

FloatTensor FromColumnMajor(FloatTensor tensor) {
  // Of nothing there can be 2^60 rows, too many to count.
  if (tensor.shape.size() < 2 || tensor.values.empty()) return tensor;
  const auto rows = static_cast<size_t>(tensor.shape[0]);
  const auto columns = static_cast<size_t>(tensor.shape[1]);
  PageVector<float> values(tensor.values.size());
  for (size_t row = 0; row < rows; ++row) {
    for (size_t column = 0; column < columns; ++column) {
      values[row * columns + column] = tensor.values[column * rows + row];
    }
  }
  tensor.values = std::move(values);
  return tensor;
}

std::string ShapeText(const std::vector<int64_t>& shape) {
  return absl::StrCat("[", absl::StrJoin(shape, " x "), "]");
}

}  // namespace ridgeline
