#ifndef RIDGELINE_CORE_MODEL_MANIFEST_H_
#define RIDGELINE_CORE_MODEL_MANIFEST_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/model/model_file.h"

namespace ridgeline {

inline constexpr char kManifestFileName[] = "manifest.json";
inline constexpr char kFactorsFileName[] = "factors.safetensors";

/// The largest manifest that is written or read.
inline constexpr size_t kMaxManifestBytes = size_t{1} << 20;

/// A model's manifest.json, see model_file.h for its grammar. A plain value.
struct Manifest {
  ModelInfo info;
  double global_mean = 0.0;
  uint64_t factors_bytes = 0;     ///< size of factors.safetensors
  uint64_t factors_checksum = 0;  ///< Checksum64 of it
};

/// The manifest as text that ParseManifest reads back to the same value. kInvalidArgument naming the field
/// when a metric is not finite, a text is not UTF-8 or the whole is too long.
absl::StatusOr<std::string> FormatManifest(const Manifest& manifest);

/// The manifest in `text`, which may come from anywhere but must be what FormatManifest wrote, byte by byte.
/// kDataLoss saying what is wrong, kFailedPrecondition when a newer release wrote it.
absl::StatusOr<Manifest> ParseManifest(absl::string_view text);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_MODEL_MANIFEST_H_
