#include "core/model/model_store.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "core/base/descriptor.h"
#include "core/base/file.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

namespace fs = std::filesystem;

constexpr char kLiveFileName[] = "LIVE";
constexpr char kLockFileName[] = "LOCK";
constexpr char kExperimentFileName[] = "EXPERIMENT";
constexpr char kTemporaryPrefix[] = "tmp.";

// The largest number of a version. What claims to be a later one, damaged as it is, must leave a next number.
constexpr int64_t kMaxNumber = 999'999'999'999'999'999;

std::string VersionName(int64_t number) {
  return absl::StrFormat("v%06d", number);
}

// The number of a version's name, 0 for any other text: only names that VersionName makes ever reach a path.
int64_t VersionNumber(absl::string_view name) {
  int64_t number = 0;
  const bool is_version = absl::StartsWith(name, "v") && absl::SimpleAtoi(name.substr(1), &number) &&
                          number > 0 && number <= kMaxNumber;
  return is_version && name == VersionName(number) ? number : 0;
}

// What a caller should make of a refusal of the disk: wait, make room, or fix permissions.
absl::Status DiskStatus(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kResourceExhausted:
      return status;
    default:
      return absl::UnavailableError(status.message());
  }
}

absl::Status DiskStatus(const std::error_code& error, absl::string_view what, const std::string& path) {
  return DiskStatus(ErrorCodeStatus(error, what, path));
}

// Makes a folder whose name need not survive a power loss.
absl::Status MakeFolder(const std::string& path) {
  std::error_code error;
  fs::create_directory(path, error);
  return DiskStatus(error, "cannot make", path);
}

// The names in `directory`, sorted.
absl::StatusOr<std::vector<std::string>> ListNames(const std::string& directory) {
  std::error_code error;
  std::vector<std::string> names;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    names.push_back(it->path().filename().string());
  }
  RIDGELINE_RETURN_IF_ERROR(DiskStatus(error, "cannot list", directory));
  std::sort(names.begin(), names.end());
  return names;
}

// The versions' numbers in `directory`, oldest first.
absl::StatusOr<std::vector<int64_t>> ListVersionNumbers(const std::string& directory) {
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<std::string> names, ListNames(directory));
  std::vector<int64_t> numbers;
  for (const std::string& name : names) {
    if (VersionNumber(name) > 0) numbers.push_back(VersionNumber(name));
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

std::string UnfinishedName(int64_t number) {
  return absl::StrCat(kTemporaryPrefix, number);
}

// Removes the folders `names`, as many of them as the disk lets go; its first error.
absl::Status RemoveFolders(const std::string& directory, const std::vector<std::string>& names) {
  if (names.empty()) return absl::OkStatus();
  // One of them may have been a v* a moment ago, which after a power loss must not be found half removed.
  RIDGELINE_RETURN_IF_ERROR(DiskStatus(SyncDirectory(directory)));
  absl::Status status;
  for (const std::string& name : names) status.Update(RemoveAll(absl::StrCat(directory, "/", name)));
  return DiskStatus(status);
}

// Removes the folders that are no version, or none any more, except `wanted`.
absl::Status RemoveTemporariesIn(const std::string& directory, const std::set<std::string>& wanted) {
  RIDGELINE_ASSIGN_OR_RETURN(std::vector<std::string> names, ListNames(directory));
  std::erase_if(names, [&](const std::string& name) {
    return !absl::StartsWith(name, kTemporaryPrefix) || wanted.count(name) > 0;
  });
  return RemoveFolders(directory, names);
}

// Removes the file at `path`, if it is there, and syncs that also where an earlier call removed it.
absl::Status RemoveFileDurably(const std::string& path) {
  std::error_code error;
  fs::remove(path, error);
  RIDGELINE_RETURN_IF_ERROR(DiskStatus(error, "cannot remove", path));
  return DiskStatus(SyncDirectory(fs::path(path).parent_path().string()));
}

// Replaces the file at `path`, as ReplaceFileDurably does, or puts back what it held.
absl::Status ReplaceFileOrNot(const std::string& path, absl::string_view bytes) {
  const absl::StatusOr<std::string> before = ReadFile(path);
  absl::Status replaced = ReplaceFileDurably(path, bytes);
  // The file can be the new one although that was not synced.
  if (replaced.ok() || ReadFile(path).value_or("") != bytes) return replaced;
  if (before.ok()) ReplaceFileDurably(path, *before).IgnoreError();
  if (absl::IsNotFound(before.status())) RemoveFileDurably(path).IgnoreError();
  return replaced;
}

// Writes a whole version into the folder `temporary`.
absl::Status WriteFolder(const std::string& temporary, const FactorModel& model, const ModelInfo& info) {
  RIDGELINE_RETURN_IF_ERROR(RemoveAll(temporary));
  RIDGELINE_RETURN_IF_ERROR(MakeFolder(temporary));
  RIDGELINE_RETURN_IF_ERROR(WriteModelFiles(temporary, model, info));
  return SyncDirectory(temporary);
}

// Writes a whole version into `temporary`, then gives it its name.
absl::Status WriteVersion(const std::string& temporary, const std::string& final_path,
                          const FactorModel& model, const ModelInfo& info) {
  RIDGELINE_RETURN_IF_ERROR(WriteFolder(temporary, model, info));
  return RenameDurably(temporary, final_path);
}

// Makes `to` a folder of the same files.
absl::Status LinkFolder(const std::string& from, const std::string& to) {
  RIDGELINE_RETURN_IF_ERROR(MakeFolder(to));
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<std::string> names, ListNames(from));
  for (const std::string& name : names) {
    RIDGELINE_RETURN_IF_ERROR(
        DiskStatus(LinkOrCopyFile(absl::StrCat(from, "/", name), absl::StrCat(to, "/", name))));
  }
  return absl::OkStatus();
}

absl::Status NoSuchVersion(const std::string& version) {
  return absl::NotFoundError(absl::StrCat("version: there is no model \"", version, "\""));
}

}  // namespace

absl::StatusOr<std::unique_ptr<ModelStore>> ModelStore::Open(const std::string& directory) {
  RIDGELINE_RETURN_IF_ERROR(DiskStatus(MakeDirectoriesDurably(directory)));
  if (access(directory.c_str(), W_OK | X_OK) != 0) {
    return DiskStatus(std::error_code(errno, std::generic_category()), "cannot write to", directory);
  }
  absl::StatusOr<std::unique_ptr<FileLock>> lock =
      FileLock::Acquire(absl::StrCat(directory, "/", kLockFileName));
  if (absl::IsFailedPrecondition(lock.status())) return lock.status();
  if (!lock.ok()) return DiskStatus(lock.status());
  RIDGELINE_RETURN_IF_ERROR(RemoveTemporariesIn(directory, /*wanted=*/{}));
  std::unique_ptr<ModelStore> store(new ModelStore(directory, *std::move(lock)));
  RIDGELINE_RETURN_IF_ERROR(store->FindNextNumber());
  return store;
}

absl::Status ModelStore::FindNextNumber() {
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<int64_t> numbers, ListVersionNumbers(directory_));
  const absl::StatusOr<std::string> live = LiveVersion();
  const int64_t newest = numbers.empty() ? 0 : numbers.back();
  MutexLock lock(&mutex_);
  next_number_ = std::max(newest, live.ok() ? VersionNumber(*live) : 0) + 1;
  return absl::OkStatus();
}

absl::StatusOr<int64_t> ModelStore::TakeNumber() {
  MutexLock lock(&mutex_);
  if (next_number_ > kMaxNumber) return absl::ResourceExhaustedError("no number is left for a new version");
  publishing_.insert(UnfinishedName(next_number_));
  return next_number_++;
}

void ModelStore::EndPublishing(int64_t number) {
  MutexLock lock(&mutex_);
  publishing_.erase(UnfinishedName(number));
}

absl::StatusOr<ModelInfo> ModelStore::Publish(const FactorModel& model, ModelInfo info) {
  RIDGELINE_ASSIGN_OR_RETURN(const int64_t number, TakeNumber());
  info.version = VersionName(number);
  const std::string temporary = absl::StrCat(directory_, "/", UnfinishedName(number));
  const absl::Status written = WriteVersion(temporary, VersionDirectory(info.version), model, info);
  if (!written.ok()) RemoveAll(temporary).IgnoreError();
  EndPublishing(number);
  if (!written.ok()) return DiskStatus(written);
  return ReadInfo(info.version);
}

absl::Status ModelStore::Replace(const FactorModel& model, const ModelInfo& info) {
  MutexLock lock(&mutex_);
  RIDGELINE_RETURN_IF_ERROR(CheckHas(info.version));
  RemoveTemporaries().IgnoreError();  // those of other calls are not this one's error
  const std::string name = absl::StrCat(kTemporaryPrefix, "replaced.", ++replacements_);
  const std::string temporary = absl::StrCat(directory_, "/", name);
  absl::Status exchanged = WriteFolder(temporary, model, info);
  if (exchanged.ok()) exchanged = Exchange(temporary, VersionDirectory(info.version));
  const absl::Status removed = RemoveFolders(directory_, {name});
  return exchanged.ok() ? removed : DiskStatus(exchanged);
}

absl::Status ModelStore::Exchange(const std::string& temporary, const std::string& final_path) {
  MutexLock lock(&names_mutex_);
  if (renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, final_path.c_str(), RENAME_EXCHANGE) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot exchange ", final_path));
  }
  return SyncDirectory(directory_);
}

absl::Status ModelStore::SetLive(const std::string& version) {
  MutexLock lock(&mutex_);
  RIDGELINE_RETURN_IF_ERROR(CheckHas(version));
  const absl::StatusOr<absl::optional<Experiment>> experiment = CurrentExperiment();
  RIDGELINE_RETURN_IF_ERROR(WriteLive(version));
  // Should the file stay, it is of no account until its version is live again.
  const bool goes_on = experiment.ok() && experiment->has_value() && (*experiment)->live_version == version;
  if (!goes_on) RemoveExperiment().IgnoreError();
  return absl::OkStatus();
}

// The caller goes on serving the version before when this fails, and so must the next start.
absl::Status ModelStore::WriteLive(const std::string& version) {
  return DiskStatus(
      ReplaceFileOrNot(absl::StrCat(directory_, "/", kLiveFileName), absl::StrCat(version, "\n")));
}

absl::StatusOr<std::string> ModelStore::LiveVersion() const {
  const std::string path = absl::StrCat(directory_, "/", kLiveFileName);
  absl::StatusOr<std::string> text = ReadFile(path);
  if (absl::IsNotFound(text.status())) return "";
  RIDGELINE_RETURN_IF_ERROR(text.status());
  const std::string version(absl::StripSuffix(*text, "\n"));
  if (VersionNumber(version) == 0) return absl::DataLossError(absl::StrCat(path, " does not name a version"));
  return version;
}

absl::Status ModelStore::SetExperiment(const Experiment& experiment) {
  MutexLock lock(&mutex_);
  RIDGELINE_RETURN_IF_ERROR(CheckHas(experiment.candidate_version));
  RIDGELINE_ASSIGN_OR_RETURN(const std::string live, LiveVersion());
  if (live != experiment.live_version) {
    return absl::FailedPreconditionError(absl::StrCat(experiment.live_version, " is not the live model"));
  }
  return DiskStatus(ReplaceFileOrNot(ExperimentPath(), EncodeExperiment(experiment)));
}

absl::Status ModelStore::EndExperiment() {
  MutexLock lock(&mutex_);
  return RemoveExperiment();
}

absl::Status ModelStore::RemoveExperiment() {
  return RemoveFileDurably(ExperimentPath());
}

absl::StatusOr<absl::optional<Experiment>> ModelStore::CurrentExperiment() const {
  const absl::StatusOr<std::string> text = ReadFile(ExperimentPath());
  if (absl::IsNotFound(text.status())) return absl::optional<Experiment>();
  RIDGELINE_RETURN_IF_ERROR(text.status());
  absl::StatusOr<Experiment> experiment = ParseExperiment(*text);
  if (!experiment.ok()) {
    return absl::DataLossError(absl::StrCat(ExperimentPath(), ": ", experiment.status().message()));
  }
  RIDGELINE_ASSIGN_OR_RETURN(const std::string live, LiveVersion());
  const absl::Status candidate = CheckHas(experiment->candidate_version);
  if (live != experiment->live_version || absl::IsNotFound(candidate)) return absl::optional<Experiment>();
  RIDGELINE_RETURN_IF_ERROR(candidate);
  return absl::optional<Experiment>(*std::move(experiment));
}

absl::StatusOr<StoredModel> ModelStore::Load(const std::string& version) const {
  RIDGELINE_ASSIGN_OR_RETURN(const OpenModel files, OpenFiles(version));
  RIDGELINE_ASSIGN_OR_RETURN(StoredModel stored, ReadOpenModel(files));
  if (stored.info.version == version) return stored;
  return absl::DataLossError(
      absl::StrCat(VersionDirectory(version), " holds version '", stored.info.version, "'"));
}

absl::StatusOr<OpenModel> ModelStore::OpenFiles(const std::string& version) const {
  MutexLock lock(&names_mutex_);
  RIDGELINE_RETURN_IF_ERROR(CheckHas(version));
  absl::StatusOr<OpenModel> files = OpenModelFiles(VersionDirectory(version));
  if (absl::IsNotFound(files.status())) return absl::DataLossError(files.status().message());
  return files;
}

absl::StatusOr<ModelInfo> ModelStore::ReadInfo(const std::string& version) const {
  MutexLock lock(&names_mutex_);
  return ReadModelInfo(VersionDirectory(version));
}

absl::StatusOr<std::vector<ModelInfo>> ModelStore::List() const {
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<int64_t> numbers, ListVersionNumbers(directory_));
  std::vector<ModelInfo> infos;
  for (int64_t number : numbers) {
    absl::StatusOr<ModelInfo> info = ReadInfo(VersionName(number));
    if (info.ok() && info->version == VersionName(number)) infos.push_back(*std::move(info));
  }
  return infos;
}

absl::StatusOr<std::vector<std::string>> ModelStore::Versions() const {
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<int64_t> numbers, ListVersionNumbers(directory_));
  std::vector<std::string> names;
  names.reserve(numbers.size());
  for (int64_t number : numbers) names.push_back(VersionName(number));
  return names;
}

absl::Status ModelStore::Checkpoint(const std::string& directory) const {
  RIDGELINE_RETURN_IF_ERROR(MakeFolder(directory));
  // No version goes or is replaced meanwhile, and the files that name some fit them.
  MutexLock lock(&mutex_);
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<int64_t> numbers, ListVersionNumbers(directory_));
  for (int64_t number : numbers) {
    const std::string version = VersionName(number);
    const absl::Status is_there = CheckHas(version);
    if (absl::IsNotFound(is_there)) continue;
    RIDGELINE_RETURN_IF_ERROR(is_there);
    RIDGELINE_RETURN_IF_ERROR(LinkFolder(VersionDirectory(version), absl::StrCat(directory, "/", version)));
  }
  for (const char* name : {kLiveFileName, kExperimentFileName}) {
    const std::string path = absl::StrCat(directory_, "/", name);
    std::error_code error;
    const bool is_there = fs::exists(path, error);
    RIDGELINE_RETURN_IF_ERROR(DiskStatus(error, "cannot look for", path));
    if (!is_there) continue;
    RIDGELINE_RETURN_IF_ERROR(DiskStatus(LinkOrCopyFile(path, absl::StrCat(directory, "/", name))));
  }
  return absl::OkStatus();
}

absl::Status ModelStore::Prune(int keep) {
  if (keep < 1) return absl::InvalidArgumentError(absl::StrCat("keep: must be at least 1, got ", keep));
  MutexLock lock(&mutex_);
  RIDGELINE_ASSIGN_OR_RETURN(std::vector<int64_t> numbers, ListVersionNumbers(directory_));
  // Without knowing which is live, none can be removed safely.
  RIDGELINE_ASSIGN_OR_RETURN(const std::string live, LiveVersion());
  RIDGELINE_ASSIGN_OR_RETURN(const absl::optional<Experiment> experiment, CurrentExperiment());
  const std::string candidate = experiment.has_value() ? experiment->candidate_version : "";
  int left = keep;
  int left_held_back = 1;
  std::reverse(numbers.begin(), numbers.end());
  for (int64_t number : numbers) {
    const std::string version = VersionName(number);
    int& quota = WasHeldBack(version) ? left_held_back : left;
    if (quota-- > 0 || version == live || version == candidate) continue;
    RIDGELINE_RETURN_IF_ERROR(UnnameVersion(number));
  }
  return RemoveTemporaries();
}

absl::Status ModelStore::RemoveLeftovers() {
  MutexLock lock(&mutex_);
  return RemoveTemporaries();
}

absl::Status ModelStore::UnnameVersion(int64_t number) {
  const std::string temporary = absl::StrCat(directory_, "/", kTemporaryPrefix, "removed.", number);
  MutexLock lock(&names_mutex_);
  return DiskStatus(RenameDurably(VersionDirectory(VersionName(number)), temporary));
}

absl::Status ModelStore::RemoveTemporaries() {
  return RemoveTemporariesIn(directory_, publishing_);
}

absl::Status ModelStore::CheckHas(const std::string& version) const {
  if (VersionNumber(version) == 0) return NoSuchVersion(version);
  std::error_code error;
  // A link could lead anywhere.
  const fs::file_type type = fs::symlink_status(VersionDirectory(version), error).type();
  if (type == fs::file_type::directory) return absl::OkStatus();
  // An error is not that it is missing: who erases a user must not pass it over.
  if (type == fs::file_type::none) return DiskStatus(error, "cannot look for", VersionDirectory(version));
  return NoSuchVersion(version);
}

bool ModelStore::WasHeldBack(const std::string& version) const {
  const absl::StatusOr<ModelInfo> info = ReadInfo(version);
  return info.ok() && !info->held_back.empty();
}

std::string ModelStore::ExperimentPath() const {
  return absl::StrCat(directory_, "/", kExperimentFileName);
}

std::string ModelStore::VersionDirectory(const std::string& version) const {
  return absl::StrCat(directory_, "/", version);
}

}  // namespace ridgeline
