#ifndef RIDGELINE_CORE_MODEL_MODEL_FILE_H_
#define RIDGELINE_CORE_MODEL_MODEL_FILE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/base/file.h"
#include "core/model/factor_model.h"

namespace ridgeline {

struct Manifest;

/// Where a model came from and how good it was found to be; stored in its manifest.
struct ModelInfo {
  std::string version;    ///< "" until published
  std::string algorithm;  ///< "als", "popularity", ...
  Hyperparameters
      hyperparameters;  ///< this, users and items are the model's own; WriteModelFiles fills them in
  int64_t users = 0;
  int64_t items = 0;
  int64_t placed_items = 0;  ///< of `items`; see FactorModelParts. The model's own too
  absl::Time create_time;
  int64_t interactions = 0;               ///< distinct (user, item) pairs trained on
  uint64_t trained_through_sequence = 0;  ///< of the interaction log; 0 when trained from a file
  int iterations = 0;
  uint64_t seed = 0;
  std::map<std::string, double> metrics;  ///< by name, e.g. "objective", "validation_ndcg@20"
  std::string held_back;                  ///< why it was not made live when it was trained; "" when it was
};

/// A model as read back from disk.
struct StoredModel {
  ModelInfo info;
  std::shared_ptr<const FactorModel> model;
};

/// The two files of a model, open: what they say stays the same when their folder is renamed or removed.
struct OpenModel {
  std::shared_ptr<const Manifest> manifest;
  std::string path;  ///< of the factors, for errors
  std::unique_ptr<const MappedFile> factors;
};

/// Writes `model` into the existing directory `directory`: `factors.safetensors`, then `manifest.json`, each
/// synced. kInvalidArgument naming the field of `info` that a manifest cannot hold; the disk's error when it
/// refuses.
///
/// manifest.json, format versions 1 to 4, at most 1 MiB:
///   {"format": "ridgeline-model", "format_version": 1 to 4, "version", "algorithm", "create_time" (RFC
///   3339),
///    "hyperparameters": {"feedback", "factors", "regularization", "bias_regularization",
///    "regularization_scaling", "frequency_exponent", "unobserved_weight", "confidence_scale",
///    "confidence_form", and from version 2 on "confidence_scaling", "confidence_epsilon", "implicit_biases",
///    "event_type_weights": {type: number}, "half_life_days", "decay_reference_time" (RFC 3339),
///    "non_negative"}, "global_mean", "users", "items", from version 3 on "placed_items", in version 4
///    "held_back", "interactions", "trained_through_sequence", "iterations", "seed", "metrics": {name:
///    number}, "files":
///    {"factors.safetensors": {"bytes": N, "xxh3_64": "16 hex digits"}}, "xxh3_64": of the manifest without
///    this member, its names sorted, without blanks}
/// Version 2 is written only where one of its members differs from what version 1 means by their absence,
/// version 3 where items were placed, and version 4 for a model that was held back, so that an older release
/// still reads the models it can fold into and would serve, and refuses the others.
/// factors.safetensors (https://huggingface.co/docs/safetensors): F32 user_factors [users x K], item_factors
/// [items x K], user_biases [users], item_biases [items], item_popularity [items]; U8 user_ids.bytes,
/// item_ids.bytes; U64 user_ids.offsets [users + 1], item_ids.offsets [items + 1].
absl::Status WriteModelFiles(const std::string& directory, const FactorModel& model, const ModelInfo& info);

/// Reads what WriteModelFiles wrote. Checks format, sizes and checksum before it trusts a byte, then shapes
/// and numbers. Follows no symbolic link. kNotFound when there is no manifest, kDataLoss saying what is wrong
/// with a damaged or inconsistent model, kFailedPrecondition when a newer release wrote it.
absl::StatusOr<StoredModel> ReadModelFiles(const std::string& directory);

/// ReadModelFiles in two steps, for folders that others replace meanwhile: the first, which is short, must
/// see one folder.
absl::StatusOr<OpenModel> OpenModelFiles(const std::string& directory);
absl::StatusOr<StoredModel> ReadOpenModel(const OpenModel& files);

/// Reads the manifest alone; the same errors.
absl::StatusOr<ModelInfo> ReadModelInfo(const std::string& directory);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_MODEL_MODEL_FILE_H_
