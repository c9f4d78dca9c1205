#ifndef RIDGELINE_CORE_MODEL_SAFETENSORS_H_
#define RIDGELINE_CORE_MODEL_SAFETENSORS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ridgeline {

/// A tensor's bytes with their meaning; the bytes belong to somebody else.
struct TensorView {
  std::string dtype;           ///< "F32", "U64", "U8", or another of the format's
  std::vector<int64_t> shape;  ///< row-major
  absl::string_view bytes;
};

/// The largest header that is read; ours take less than 1 KiB.
inline constexpr size_t kMaxSafetensorsHeaderBytes = size_t{1} << 20;

/// The tensors in the order in which a file holds them: widest elements first, so that each begins at a
/// multiple of its element's size and can be used in place, then by name.
std::vector<std::string> SafetensorsOrder(const std::map<std::string, TensorView>& tensors);

/// The beginning of a safetensors file (https://huggingface.co/docs/safetensors) that holds `tensors`: an
/// 8-byte little-endian header length, a JSON header padded with blanks to a multiple of 8. The tensors'
/// bytes follow in SafetensorsOrder without gaps.
std::string SafetensorsHeader(const std::map<std::string, TensorView>& tensors);

/// The tensors in `file`, viewing into it. kDataLoss saying what is wrong when the header is larger than
/// kMaxSafetensorsHeaderBytes or not valid JSON, names a tensor twice or an unknown dtype, an offset leaves
/// the file, ranges overlap or leave holes, or a size disagrees with dtype and shape.
absl::StatusOr<std::map<std::string, TensorView>> ParseSafetensors(absl::string_view file);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_MODEL_SAFETENSORS_H_
