#include "core/lab/model_output.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/file.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

namespace fs = std::filesystem;

absl::Status WriteFiles(const std::string& directory, const FactorModel& model, const ModelInfo& info) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return absl::ErrnoToStatus(error.value(), absl::StrCat("cannot make ", directory));
  RIDGELINE_RETURN_IF_ERROR(WriteModelFiles(directory, model, info));
  return SyncDirectory(directory);
}

}  // namespace

void AddModelOutputFlags(CLI::App& command, ModelOutputFlags* flags) {
  command.add_option("--output", flags->output,
                     "Folder for manifest.json and factors.safetensors; new or empty");
  command
      .add_option("--publish", flags->publish,
                  "Data folder of a server that is stopped: the model becomes the live version")
      ->type_name("DATA_DIR");
}

absl::Status CheckModelOutput(const ModelOutputFlags& flags) {
  if (flags.output.empty()) {
    if (!flags.publish.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError("output: give --output, --publish or both");
  }
  std::error_code error;
  if (!fs::exists(flags.output, error)) return absl::OkStatus();
  if (!fs::is_directory(flags.output, error)) {
    return absl::InvalidArgumentError(absl::StrCat("output: '", flags.output, "' is not a folder"));
  }
  const bool empty = fs::is_empty(flags.output, error);
  if (!error && empty) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("output: the folder '", flags.output, "' is not empty; name a new or an empty one"));
}

absl::StatusOr<ModelOutput> ModelOutput::Open(const ModelOutputFlags& flags) {
  std::unique_ptr<ModelStore> store;
  if (!flags.publish.empty()) {
    RIDGELINE_ASSIGN_OR_RETURN(store, ModelStore::Open(flags.publish + "/models"));
  }
  return ModelOutput(flags, std::move(store));
}

absl::StatusOr<std::string> ModelOutput::Write(const FactorModel& model, const ModelInfo& info) {
  if (!flags_.output.empty()) RIDGELINE_RETURN_IF_ERROR(WriteFiles(flags_.output, model, info));
  if (store_ == nullptr) return flags_.output;
  RIDGELINE_ASSIGN_OR_RETURN(const ModelInfo published, store_->Publish(model, info));
  RIDGELINE_RETURN_IF_ERROR(store_->SetLive(published.version));
  return absl::StrCat(flags_.publish, "/models/", published.version);
}

}  // namespace ridgeline
