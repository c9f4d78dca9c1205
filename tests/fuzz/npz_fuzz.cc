#include "core/lab/foreign_model.h"
#include "core/lab/npz.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/memory_file.h"

namespace ridgeline {
namespace {

// Arrays of a zip archive, compressed or not, have as many numbers as their shape says.
RIDGELINE_FUZZ_TARGET(npz) {
  static MemoryFile& file = *new MemoryFile();
  file.Write(input);
  const auto tensors = ReadNpz(file.path(), {"a", "user_factors", "item_factors"});
  RequireExplained(tensors.status());
  if (!tensors.ok()) return;
  Require(tensors->size() <= 3, "only arrays that were asked for are read");
  for (const auto& [name, tensor] : *tensors) {
    size_t elements = 1;
    for (const int64_t dimension : tensor.shape) elements *= static_cast<size_t>(dimension);
    Require(tensor.values.size() == elements, "there are as many numbers as the shape says");
  }
}

}  // namespace
}  // namespace ridgeline
