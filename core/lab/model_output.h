#ifndef RIDGELINE_CORE_LAB_MODEL_OUTPUT_H_
#define RIDGELINE_CORE_LAB_MODEL_OUTPUT_H_

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "core/model/model_file.h"
#include "core/model/model_store.h"

namespace ridgeline {

/// Where a command puts the model it made.
struct ModelOutputFlags {
  std::string output;   ///< a folder for its files; "" for none
  std::string publish;  ///< a server's data folder; "" for none
};

/// Declares --output and --publish.
void AddModelOutputFlags(CLI::App& command, ModelOutputFlags* flags);

/// kInvalidArgument beginning with the flag's name when neither is given, or the output is something else
/// than an absent or an empty folder.
absl::Status CheckModelOutput(const ModelOutputFlags& flags);

/// The places, open: a data folder is taken before the work, so that no server can start on it meanwhile and
/// the finished model finds it free. Thread-compatible.
class ModelOutput {
 public:
  /// kFailedPrecondition when a server uses the data folder; the disk's errors.
  static absl::StatusOr<ModelOutput> Open(const ModelOutputFlags& flags);

  /// Writes the files, then publishes the model as the live version. Returns what to tell the user: the
  /// folder, or folder and version. The disk's errors.
  absl::StatusOr<std::string> Write(const FactorModel& model, const ModelInfo& info);

 private:
  ModelOutput(const ModelOutputFlags& flags, std::unique_ptr<ModelStore> store)
      : flags_(flags), store_(std::move(store)) {}

  ModelOutputFlags flags_;
  std::unique_ptr<ModelStore> store_;  // null without --publish
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_MODEL_OUTPUT_H_
