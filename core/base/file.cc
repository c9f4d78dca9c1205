#include "core/base/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/descriptor.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

namespace fs = std::filesystem;

size_t PageBytes() {
  return static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

// Syncs the directory that holds the entry `path`.
absl::Status SyncParent(const fs::path& path) {
  const fs::path directory = path.parent_path();
  return SyncDirectory(directory.empty() ? "." : directory.string());
}

// Syncs the entry of a directory that was there: who made it may not have lived to do so.
absl::Status SyncFound(const fs::path& path) {
  absl::Status synced = SyncParent(path);
  // Who may not read the directory above made none in it either.
  if (absl::IsPermissionDenied(synced)) synced = absl::OkStatus();
  return synced;
}

bool IsDirectory(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

absl::Status MakeDirectoryDurably(const fs::path& path) {
  if (mkdir(path.c_str(), 0777) != 0) {
    const absl::Status refused = ErrnoStatus("cannot make directory", path.string());
    return IsDirectory(path) ? SyncFound(path) : refused;  // another process was faster
  }
  absl::Status synced = SyncParent(path);
  // Linux takes what it could not write for written: made anew, it is written anew.
  if (!synced.ok()) rmdir(path.c_str());
  return synced;
}

}  // namespace

absl::StatusOr<std::unique_ptr<MappedFile>> MappedFile::Open(const std::string& path) {
  // Not blocking: opening a pipe would wait for somebody to write into it.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.ok()) return ErrnoStatus("cannot open", path);
  struct stat info {};
  if (fstat(file.get(), &info) != 0) return ErrnoStatus("cannot stat", path);
  if (!S_ISREG(info.st_mode)) return absl::InvalidArgumentError(absl::StrCat(path, " is not a regular file"));
  const auto size = static_cast<size_t>(info.st_size);
  if (size == 0) return std::unique_ptr<MappedFile>(new MappedFile(path, nullptr, 0));
  void* data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (data == MAP_FAILED) return ErrnoStatus("cannot map", path);
  return std::unique_ptr<MappedFile>(new MappedFile(path, static_cast<const char*>(data), size));
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) munmap(const_cast<char*>(data_), size_);
}

absl::Status MappedFile::Fetch(absl::string_view part) const {
  if (part.empty()) return absl::OkStatus();
  const size_t offset = static_cast<size_t>(part.data() - data_);
  const size_t begin = offset / PageBytes() * PageBytes();
  const size_t bytes = offset + part.size() - begin;
  if (madvise(const_cast<char*>(data_) + begin, bytes, MADV_POPULATE_READ) == 0) return absl::OkStatus();
  if (errno == EINVAL) return absl::OkStatus();  // Linux before 5.14
  return absl::DataLossError(
      absl::StrCat("cannot read ", bytes, " bytes of ", path_, " at ", begin, ": ", std::strerror(errno)));
}

// Only whole pages can be released: others hold bytes beyond the part.
void MappedFile::Release(absl::string_view part) const {
  const size_t page = PageBytes();
  const size_t begin = (static_cast<size_t>(part.data() - data_) + page - 1) / page * page;
  const size_t end = static_cast<size_t>(part.data() - data_ + part.size()) / page * page;
  // A refusal leaves them resident: more memory, never a wrong answer.
  if (begin < end) madvise(const_cast<char*>(data_) + begin, end - begin, MADV_DONTNEED);
}

absl::Status MappedFile::ForEachPiece(absl::string_view part,
                                      absl::FunctionRef<void(absl::string_view)> visit) const {
  constexpr size_t kPiece = size_t{16} << 20;
  while (!part.empty()) {
    const absl::string_view piece = part.substr(0, kPiece);
    RIDGELINE_RETURN_IF_ERROR(Fetch(piece));
    visit(piece);
    Release(piece);
    part.remove_prefix(piece.size());
  }
  return absl::OkStatus();
}

absl::Status MappedFile::MoveOut(absl::string_view part, void* destination) const {
  auto* to = static_cast<char*>(destination);
  return ForEachPiece(part, [&](absl::string_view piece) {
    std::memcpy(to, piece.data(), piece.size());
    to += piece.size();
  });
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  RIDGELINE_ASSIGN_OR_RETURN(const std::unique_ptr<MappedFile> file, MappedFile::Open(path));
  RIDGELINE_RETURN_IF_ERROR(file->Fetch(file->bytes()));
  return std::string(file->bytes());
}

absl::Status WriteFileDurably(const std::string& path, const std::vector<absl::string_view>& chunks) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!file.ok()) return ErrnoStatus("cannot create", path);
  for (absl::string_view chunk : chunks) RIDGELINE_RETURN_IF_ERROR(WriteAll(file, chunk, path));
  if (fsync(file.get()) != 0) return ErrnoStatus("cannot sync", path);
  return absl::OkStatus();
}

absl::Status RenameDurably(const std::string& from, const std::string& to) {
  if (rename(from.c_str(), to.c_str()) != 0)
    return ErrnoStatus(absl::StrCat("cannot rename ", from, " to"), to);
  return SyncParent(to);
}

absl::Status ReplaceFileDurably(const std::string& path, absl::string_view bytes) {
  const std::string temporary = absl::StrCat(path, ".tmp");
  RIDGELINE_RETURN_IF_ERROR(WriteFileDurably(temporary, {bytes}));
  return RenameDurably(temporary, path);
}

absl::Status LinkOrCopyFile(const std::string& from, const std::string& to) {
  if (link(from.c_str(), to.c_str()) == 0) return absl::OkStatus();
  const bool may_be_copied = errno == EXDEV || errno == EPERM || errno == EOPNOTSUPP || errno == EMLINK;
  if (!may_be_copied) return ErrnoStatus(absl::StrCat("cannot link ", from, " to"), to);
  std::error_code error;
  fs::copy_file(from, to, error);
  return ErrorCodeStatus(error, absl::StrCat("cannot copy ", from, " to"), to);
}

absl::Status SyncDirectory(const std::string& path) {
  const Descriptor directory(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.ok()) return ErrnoStatus("cannot open directory", path);
  if (fsync(directory.get()) != 0) return ErrnoStatus("cannot sync directory", path);
  return absl::OkStatus();
}

absl::Status MakeDirectoriesDurably(const std::string& path) {
  const fs::path directory(path);
  const fs::path above = directory.parent_path();
  const bool ends_in_slash = !directory.has_filename() && directory.has_relative_path();
  if (ends_in_slash) return MakeDirectoriesDurably(above.string());
  if (IsDirectory(directory)) return SyncFound(directory);
  if (!above.empty()) RIDGELINE_RETURN_IF_ERROR(MakeDirectoriesDurably(above.string()));
  return MakeDirectoryDurably(directory);
}

absl::Status RemoveAll(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  return ErrorCodeStatus(error, "cannot remove", path);
}

}  // namespace ridgeline
