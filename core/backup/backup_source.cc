#include "core/backup/backup_source.h"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "core/base/descriptor.h"
#include "core/base/file.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

namespace fs = std::filesystem;

// Not the name of anything that a user of the folder would make.
std::string ViewDirectory(const std::string& data_dir) {
  return absl::StrCat(data_dir, "/tmp.backup");
}

absl::StatusOr<std::vector<BackupFile>> ListFiles(const std::string& directory) {
  std::error_code error;
  std::vector<BackupFile> files;
  for (fs::recursive_directory_iterator it(directory, error), end; !error && it != end;) {
    if (it->is_regular_file(error)) {
      const auto bytes = static_cast<int64_t>(it->file_size(error));
      files.push_back({it->path().lexically_relative(directory).string(), bytes});
    }
    if (!error) it.increment(error);
  }
  RIDGELINE_RETURN_IF_ERROR(ErrorCodeStatus(error, "cannot list", directory));
  std::sort(files.begin(), files.end(),
            [](const BackupFile& a, const BackupFile& b) { return a.path < b.path; });
  return files;
}

}  // namespace

BackupView::~BackupView() {
  source_->End();
}

int64_t BackupView::bytes() const {
  return std::accumulate(files_.begin(), files_.end(), int64_t{0},
                         [](int64_t sum, const BackupFile& file) { return sum + file.bytes; });
}

BackupSource::BackupSource(std::string data_dir, InteractionLog* log, Catalog* catalog, ModelStore* models)
    : directory_(ViewDirectory(data_dir)), log_(log), catalog_(catalog), models_(models) {}

absl::StatusOr<std::unique_ptr<BackupView>> BackupSource::Freeze() {
  RIDGELINE_RETURN_IF_ERROR(Begin());
  std::unique_ptr<BackupView> view(new BackupView(this));
  RIDGELINE_RETURN_IF_ERROR(Fill(view.get()));
  return view;
}

absl::Status BackupSource::Begin() {
  MutexLock lock(&mutex_);
  if (busy_) return absl::ResourceExhaustedError("another backup is being made");
  RIDGELINE_RETURN_IF_ERROR(RemoveAll(directory_));
  hold_ = log_->HoldErasures();
  busy_ = true;
  return absl::OkStatus();
}

void BackupSource::End() {
  MutexLock lock(&mutex_);
  if (RemoveAll(directory_).ok()) hold_.reset();
  busy_ = false;
}

absl::Status BackupSource::Settle() {
  MutexLock lock(&mutex_);
  if (busy_ || hold_ == nullptr) return absl::OkStatus();
  RIDGELINE_RETURN_IF_ERROR(RemoveAll(directory_));
  hold_.reset();
  return absl::OkStatus();
}

// Models first: what they were trained on is in the log by then.
absl::Status BackupSource::Fill(BackupView* view) {
  std::error_code error;
  fs::create_directory(directory_, error);
  RIDGELINE_RETURN_IF_ERROR(ErrorCodeStatus(error, "cannot make", directory_));
  view->directory_ = directory_;
  RIDGELINE_RETURN_IF_ERROR(models_->Checkpoint(directory_ + "/models"));
  RIDGELINE_RETURN_IF_ERROR(catalog_->Checkpoint(directory_ + "/catalog"));
  RIDGELINE_RETURN_IF_ERROR(log_->Checkpoint(directory_ + "/interactions"));
  RIDGELINE_ASSIGN_OR_RETURN(view->files_, ListFiles(directory_));
  return absl::OkStatus();
}

absl::Status RemoveAbandonedView(const std::string& data_dir) {
  return RemoveAll(ViewDirectory(data_dir));
}

}  // namespace ridgeline
