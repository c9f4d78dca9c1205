#include <cmath>
#include <memory>

#include "core/interactions/interaction.h"
#include "core/lab/foreign_model.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_cutter.h"
#include "tests/fuzz/memory_file.h"

namespace ridgeline {
namespace {

std::shared_ptr<const IdMap> IdsOf(const char* prefix, size_t count) {
  auto ids = std::make_shared<IdMap>();
  for (size_t i = 0; i < count; ++i) ids->Add(prefix + std::to_string(i));
  return ids;
}

// What the input is as a file of ids: each valid, and each once.
void CheckIdFile(const std::string& path) {
  const auto ids = ReadIdFile("user_ids", path);
  RequireExplained(ids.status());
  if (!ids.ok()) return;
  for (uint32_t row = 0; row < (*ids)->size(); ++row) {
    Require(ValidateId("id", (*ids)->Id(row)).ok() && (*ids)->Find((*ids)->Id(row)) == row,
            "ids are valid and differ");
  }
}

// Another program's safetensors file becomes a model of finite numbers, or an error that says why not.
RIDGELINE_FUZZ_TARGET(foreign_model) {
  static MemoryFile& file = *new MemoryFile();
  InputCutter cutter(input);
  Hyperparameters hyperparameters =
      DefaultHyperparameters(cutter.TakeBool() ? Feedback::kExplicit : Feedback::kImplicit);
  hyperparameters.factors = 1 + cutter.TakeBelow(8);
  const auto users = IdsOf("u", cutter.TakeBelow(8));
  const auto items = IdsOf("i", cutter.TakeBelow(8));
  file.Write(cutter.rest());
  CheckIdFile(file.path());
  absl::StatusOr<ForeignTensors> tensors = ReadForeignSafetensors(file.path());
  RequireExplained(tensors.status());
  if (!tensors.ok()) return;
  const auto model = MakeForeignModel(*std::move(tensors), hyperparameters, 0.0, users, items);
  RequireExplained(model.status());
  if (!model.ok()) return;
  for (const float value : (*model)->items().values)
    Require(std::isfinite(value), "a model is of finite numbers");
  for (const float value : (*model)->users().values)
    Require(std::isfinite(value), "a model is of finite numbers");
}

}  // namespace
}  // namespace ridgeline
