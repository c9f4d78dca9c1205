#ifndef RIDGELINE_CORE_LAB_NPY_H_
#define RIDGELINE_CORE_LAB_NPY_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/lab/float_tensor.h"

namespace ridgeline {

/// The array in a .npy file (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, versions
/// 1 to 3): float16, float32, float64, int32 or int64, little-endian, at most two dimensions, in C or Fortran
/// order. kInvalidArgument saying what is wrong with any other bytes.
absl::StatusOr<FloatTensor> ParseNpy(absl::string_view file);

/// A .npy file, version 1, of `values` [rows x columns], row-major, with columns > 0.
std::string FormatNpy(absl::Span<const float> values, size_t columns);
std::string FormatNpy(absl::Span<const int32_t> values, size_t columns);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_NPY_H_
