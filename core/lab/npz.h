#ifndef RIDGELINE_CORE_LAB_NPZ_H_
#define RIDGELINE_CORE_LAB_NPZ_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/lab/float_tensor.h"

namespace ridgeline {

/// Those of the arrays `names` that the .npz file at `path`, a zip archive of .npy files, holds. kNotFound
/// when there is no such file; kInvalidArgument naming the file, and the array, when it is no archive, is
/// damaged, or an array cannot be read (see ParseNpy).
absl::StatusOr<std::map<std::string, FloatTensor>> ReadNpz(const std::string& path,
                                                           const std::vector<std::string>& names);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_NPZ_H_
