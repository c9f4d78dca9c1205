#include <cmath>
#include <string>

#include "core/base/checksum.h"
#include "core/interactions/interaction.h"
#include "core/model/manifest.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_cutter.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

// A manifest that promises `factors_file`, with the other numbers from the input.
Manifest ManifestOf(absl::string_view factors_file, InputCutter& cutter) {
  Manifest manifest;
  manifest.factors_bytes = factors_file.size();
  manifest.factors_checksum = Checksum64(factors_file);
  ModelInfo& info = manifest.info;
  info.version = "v000001";
  info.algorithm = "als";
  info.hyperparameters =
      DefaultHyperparameters(cutter.TakeBool() ? Feedback::kExplicit : Feedback::kImplicit);
  info.hyperparameters.factors = cutter.TakeNumber<uint8_t>();
  info.hyperparameters.implicit_biases = cutter.TakeBool();
  info.users = cutter.TakeNumber<int8_t>();
  info.items = cutter.TakeNumber<int8_t>();
  info.placed_items = cutter.TakeNumber<int8_t>();
  return manifest;
}

void RequireSound(const StoredModel& stored) {
  const FactorModel& model = *stored.model;
  for (const FactorMatrix* side : {&model.users(), &model.items()}) {
    for (const float value : side->values)
      Require(std::isfinite(value), "a model that is read is of finite numbers");
    for (const float value : side->biases)
      Require(std::isfinite(value), "a model that is read has finite biases");
  }
  for (const IdMap* ids : {&model.user_ids(), &model.item_ids()}) {
    for (uint32_t row = 0; row < ids->size(); ++row) {
      Require(ValidateId("id", ids->Id(row)).ok() && ids->Find(ids->Id(row)) == row,
              "each row has an id of its own");
    }
  }
  Require(model.placed_items() <= model.items().rows(), "no more items are placed than there are");
  for (uint32_t row = 0; row < model.users().rows() && model.items().rows() > 0; ++row) {
    model.Score(model.User(row), 0);
  }
}

// Whatever stands in a model's files, with the sizes and checksums that they must have: what is read is
// sound.
RIDGELINE_FUZZ_TARGET(model_files) {
  static const TempDir directory;
  InputCutter cutter(input);
  // The numbers that a manifest begins with are cut off first, the rest is the file that they are about.
  InputCutter numbers = cutter;
  ManifestOf("", numbers);
  const absl::string_view factors_file = numbers.rest();
  const absl::StatusOr<std::string> manifest = FormatManifest(ManifestOf(factors_file, cutter));
  Require(manifest.ok(), "the manifest can be written");
  directory.Write(kManifestFileName, *manifest);
  directory.Write(kFactorsFileName, std::string(factors_file));
  const absl::StatusOr<StoredModel> stored = ReadModelFiles(directory.path());
  RequireExplained(stored.status());
  if (stored.ok()) RequireSound(*stored);
}

}  // namespace
}  // namespace ridgeline
