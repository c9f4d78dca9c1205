#include <string>

#include "core/model/safetensors.h"
#include "tests/fuzz/fuzz_target.h"

namespace ridgeline {
namespace {

bool LiesIn(absl::string_view part, absl::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

bool Same(const TensorView& a, const TensorView& b) {
  return a.dtype == b.dtype && a.shape == b.shape && a.bytes == b.bytes;
}

std::string Write(const std::map<std::string, TensorView>& tensors) {
  std::string file = SafetensorsHeader(tensors);
  for (const std::string& name : SafetensorsOrder(tensors)) {
    file.append(tensors.at(name).bytes.data(), tensors.at(name).bytes.size());
  }
  return file;
}

// Tensors are parts of the file, all of it behind the header, and as written again are the same.
RIDGELINE_FUZZ_TARGET(safetensors) {
  const auto tensors = ParseSafetensors(input);
  RequireExplained(tensors.status());
  if (!tensors.ok()) return;
  size_t bytes = 0;
  for (const auto& [name, tensor] : *tensors) {
    Require(LiesIn(tensor.bytes, input), "a tensor lies in the file");
    bytes += tensor.bytes.size();
  }
  Require(bytes <= input.size(), "tensors do not overlap");
  const std::string written = Write(*tensors);
  const auto again = ParseSafetensors(written);
  Require(again.ok() && again->size() == tensors->size(), "what was read can be written and read");
  for (const auto& [name, tensor] : *tensors) {
    Require(again->count(name) == 1 && Same(again->at(name), tensor),
            "a tensor is the same, written and read again");
  }
}

}  // namespace
}  // namespace ridgeline
