#include "tests/reliability/disk_faults.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string_view>
#include <system_error>
#include <utility>

#include "tests/support/long_form.h"

namespace ridgeline {
namespace {

namespace fs = std::filesystem;

enum class Call { kWrite, kSync, kRemoval, kOther };

using FileId = std::pair<dev_t, ino_t>;

// Never destroyed: files are written while the program ends, too.
struct Disk {
  std::mutex mutex;
  std::string folder;  // empty: nothing is watched
  int64_t io_calls = 0;
  int64_t writes = 0;
  int64_t syncs = 0;
  bool armed = false;
  DiskFault fault = DiskFault::kIoError;
  FaultDuration duration = FaultDuration::kOnce;
  int64_t site = 0;
  bool failed = false;
  std::string kept;                      // how the names of files end that stay, empty: any may go
  std::map<FileId, off_t> synced_sizes;  // of the files that were synced since they were made
};

Disk& TheDisk() {
  static Disk* const disk = new Disk;
  return *disk;
}

bool CanFailAt(DiskFault fault, Call call) {
  if (fault == DiskFault::kShortWrite) return call == Call::kWrite;
  if (fault == DiskFault::kSyncFailure) return call == Call::kSync;
  return true;
}

int64_t& CounterOf(Disk& disk, DiskFault fault) {
  if (fault == DiskFault::kShortWrite) return disk.writes;
  if (fault == DiskFault::kSyncFailure) return disk.syncs;
  return disk.io_calls;
}

bool IsBelow(std::string_view path, std::string_view folder) {
  return !folder.empty() && path.substr(0, folder.size()) == folder;
}

bool EndsIn(std::string_view path, std::string_view ending) {
  return path.size() >= ending.size() && path.substr(path.size() - ending.size()) == ending;
}

std::string PathOf(int fd) {
  char path[4096];
  const ssize_t size = readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), path, sizeof(path));
  return size < 0 ? "" : std::string(path, static_cast<size_t>(size));
}

// Counts a call and says which fault it meets: its errno, -1 for a write cut short, 0 for none.
int Meet(const std::string& path, Call call) {
  Disk& disk = TheDisk();
  const std::lock_guard<std::mutex> lock(disk.mutex);
  if (!IsBelow(path, disk.folder)) return 0;
  const int64_t here = CounterOf(disk, disk.fault);
  ++disk.io_calls;
  if (call == Call::kWrite) ++disk.writes;
  if (call == Call::kSync) ++disk.syncs;
  if (call == Call::kRemoval && !disk.kept.empty() && EndsIn(path, disk.kept)) {
    disk.failed = true;
    return EIO;
  }
  if (!disk.armed || !CanFailAt(disk.fault, call) || here < disk.site) return 0;
  const bool first = !std::exchange(disk.failed, true);
  if (disk.fault == DiskFault::kShortWrite) {
    if (first) return -1;
    if (disk.duration == FaultDuration::kOnce) disk.armed = false;
    return ENOSPC;
  }
  if (disk.duration == FaultDuration::kOnce) disk.armed = false;
  return disk.fault == DiskFault::kNoSpace ? ENOSPC : EIO;
}

std::string WatchedFolder() {
  const std::lock_guard<std::mutex> lock(TheDisk().mutex);
  return TheDisk().folder;
}

int MeetDescriptor(int fd, Call call) {
  return WatchedFolder().empty() ? 0 : Meet(PathOf(fd), call);
}

// The same for `name`, which is relative to the folder `fd` unless it is absolute.
int MeetAt(int fd, const char* name, Call call) {
  if (WatchedFolder().empty()) return 0;
  return Meet(fd == AT_FDCWD || *name == '/' ? std::string(name) : PathOf(fd) + "/" + name, call);
}

bool Refuse(int error) {
  if (error == 0) return false;
  errno = error > 0 ? error : EIO;
  return true;
}

FileId IdOf(const struct stat& info) {
  return {info.st_dev, info.st_ino};
}

// How much of the file is on the disk when a sync that begins now has succeeded.
off_t SizeOf(int fd) {
  struct stat info {};
  return fstat(fd, &info) == 0 ? info.st_size : 0;
}

void NoteSynced(int fd, off_t size) {
  struct stat info {};
  if (fstat(fd, &info) != 0) return;
  const std::lock_guard<std::mutex> lock(TheDisk().mutex);
  if (!TheDisk().folder.empty()) TheDisk().synced_sizes[IdOf(info)] = size;
}

// A new file has nothing on the disk, though its number may be that of a file that is gone.
void NoteOpened(int fd) {
  struct stat info {};
  if (fstat(fd, &info) != 0 || info.st_size != 0) return;
  const std::lock_guard<std::mutex> lock(TheDisk().mutex);
  TheDisk().synced_sizes.erase(IdOf(info));
}

template <typename Function>
Function Real(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

ssize_t Write(int fd, const void* bytes, size_t size) {
  static const auto real = Real<ssize_t (*)(int, const void*, size_t)>("write");
  return real(fd, bytes, size);
}

ssize_t WriteAt(int fd, const void* bytes, size_t size, off_t offset) {
  static const auto real = Real<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
  return real(fd, bytes, size, offset);
}

int Sync(int fd, const char* name) {
  if (Refuse(MeetDescriptor(fd, Call::kSync))) return -1;
  const off_t size = SizeOf(fd);
  const int result = Real<int (*)(int)>(name)(fd);
  if (result == 0) NoteSynced(fd, size);
  return result;
}

}  // namespace

const char* DiskFaultName(DiskFault fault) {
  switch (fault) {
    case DiskFault::kIoError:
      return "EIO";
    case DiskFault::kNoSpace:
      return "ENOSPC";
    case DiskFault::kShortWrite:
      return "short write";
    case DiskFault::kSyncFailure:
      return "failed sync";
  }
  return "";
}

DiskFaults::DiskFaults(const std::string& folder) {
  Disk& disk = TheDisk();
  const std::lock_guard<std::mutex> lock(disk.mutex);
  disk.folder = fs::canonical(folder).string();
  disk.io_calls = disk.writes = disk.syncs = 0;
  disk.armed = disk.failed = false;
  disk.kept.clear();
  disk.synced_sizes.clear();
}

DiskFaults::~DiskFaults() {
  const std::lock_guard<std::mutex> lock(TheDisk().mutex);
  TheDisk().folder.clear();
}

void DiskFaults::Fail(DiskFault fault, FaultDuration duration, int64_t site) {
  Disk& disk = TheDisk();
  const std::lock_guard<std::mutex> lock(disk.mutex);
  disk.armed = true;
  disk.failed = false;
  disk.fault = fault;
  disk.duration = duration;
  disk.site = site;
}

void DiskFaults::KeepFiles(const std::string& ending) {
  Disk& disk = TheDisk();
  const std::lock_guard<std::mutex> lock(disk.mutex);
  disk.kept = ending;
  disk.failed = false;
}

void DiskFaults::Heal() {
  const std::lock_guard<std::mutex> lock(TheDisk().mutex);
  TheDisk().armed = false;
  TheDisk().kept.clear();
}

int64_t DiskFaults::sites(DiskFault fault) const {
  const std::lock_guard<std::mutex> lock(TheDisk().mutex);
  return CounterOf(TheDisk(), fault);
}

bool DiskFaults::failed() const {
  const std::lock_guard<std::mutex> lock(TheDisk().mutex);
  return TheDisk().failed;
}

namespace {

std::vector<std::string> NamesIn(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    names.push_back(it->path().lexically_relative(folder).string());  // the file may be gone already
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Of each file at most what `size_of` allows; files that go meanwhile are left out.
void CopyFiles(const std::string& folder, const std::string& target,
               const std::function<off_t(const struct stat&)>& size_of) {
  fs::create_directories(target);
  for (const std::string& name : NamesIn(folder)) {
    struct stat info {};
    std::error_code error;
    const std::string path = folder + "/" + name;
    const fs::path copy = fs::path(target) / name;
    if (stat(path.c_str(), &info) != 0) continue;
    fs::create_directories(S_ISDIR(info.st_mode) ? copy : copy.parent_path());
    if (S_ISDIR(info.st_mode) || !fs::copy_file(path, copy, error)) continue;
    const auto copied = static_cast<off_t>(fs::file_size(copy));
    fs::resize_file(copy, static_cast<uintmax_t>(std::min(size_of(info), copied)));
  }
}

// A copy of one moment: taken again when files came or went meanwhile.
void CopyMoment(const std::string& folder, const std::string& target,
                const std::function<off_t(const struct stat&)>& size_of) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    const std::vector<std::string> before = NamesIn(folder);
    CopyFiles(folder, target, size_of);
    if (NamesIn(folder) == before) return;
    fs::remove_all(target);
  }
  std::abort();  // the folder never comes to rest
}

}  // namespace

void DiskFaults::CopyAfterPowerLoss(const std::string& target) const {
  CopyMoment(WatchedFolder(), target, [](const struct stat& info) {
    const std::lock_guard<std::mutex> lock(TheDisk().mutex);
    const auto synced = TheDisk().synced_sizes.find(IdOf(info));
    return synced == TheDisk().synced_sizes.end() ? off_t{0} : synced->second;
  });
}

void DiskFaults::CopyAfterDeath(const std::string& target) const {
  CopyMoment(WatchedFolder(), target, [](const struct stat& info) { return info.st_size; });
}

std::vector<int64_t> SitesToTry(int64_t sites, int64_t sample) {
  const int64_t step = LongForm() ? 1 : std::max<int64_t>(1, sites / sample);
  std::vector<int64_t> chosen;
  for (int64_t site = 0; site < sites; site += step) chosen.push_back(site);
  return chosen;
}

}  // namespace ridgeline

// The C library's calls that change files, as the whole program sees them.

extern "C" {

ssize_t write(int fd, const void* bytes, size_t size) {
  const int error = ridgeline::MeetDescriptor(fd, ridgeline::Call::kWrite);
  if (error < 0 && size > 1) return ridgeline::Write(fd, bytes, size / 2);
  if (ridgeline::Refuse(error)) return -1;
  return ridgeline::Write(fd, bytes, size);
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  const int error = ridgeline::MeetDescriptor(fd, ridgeline::Call::kWrite);
  if (error < 0 && size > 1) return ridgeline::WriteAt(fd, bytes, size / 2, offset);
  if (ridgeline::Refuse(error)) return -1;
  return ridgeline::WriteAt(fd, bytes, size, offset);
}

int fsync(int fd) {
  return ridgeline::Sync(fd, "fsync");
}

int fdatasync(int fd) {
  return ridgeline::Sync(fd, "fdatasync");
}

int open(const char* path, int flags, ...) {
  mode_t mode = 0;
  if ((flags & (O_CREAT | O_TMPFILE)) != 0) {
    va_list arguments;
    va_start(arguments, flags);
    mode = va_arg(arguments, mode_t);
    va_end(arguments);
  }
  const bool writes = (flags & O_ACCMODE) != O_RDONLY;
  if (writes && ridgeline::Refuse(ridgeline::Meet(path, ridgeline::Call::kOther))) return -1;
  static const auto real = ridgeline::Real<int (*)(const char*, int, ...)>("open");
  const int fd = real(path, flags, mode);
  if (writes && fd >= 0) ridgeline::NoteOpened(fd);
  return fd;
}

int ftruncate(int fd, off_t size) noexcept {
  if (ridgeline::Refuse(ridgeline::MeetDescriptor(fd, ridgeline::Call::kOther))) return -1;
  static const auto real = ridgeline::Real<int (*)(int, off_t)>("ftruncate");
  return real(fd, size);
}

int rename(const char* from, const char* to) noexcept {
  if (ridgeline::Refuse(ridgeline::Meet(to, ridgeline::Call::kOther))) return -1;
  static const auto real = ridgeline::Real<int (*)(const char*, const char*)>("rename");
  return real(from, to);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned int flags) noexcept {
  if (ridgeline::Refuse(ridgeline::MeetAt(to_folder, to, ridgeline::Call::kOther))) return -1;
  static const auto real =
      ridgeline::Real<int (*)(int, const char*, int, const char*, unsigned int)>("renameat2");
  return real(from_folder, from, to_folder, to, flags);
}

int link(const char* from, const char* to) noexcept {
  if (ridgeline::Refuse(ridgeline::Meet(to, ridgeline::Call::kOther))) return -1;
  static const auto real = ridgeline::Real<int (*)(const char*, const char*)>("link");
  return real(from, to);
}

int unlink(const char* path) noexcept {
  if (ridgeline::Refuse(ridgeline::Meet(path, ridgeline::Call::kRemoval))) return -1;
  static const auto real = ridgeline::Real<int (*)(const char*)>("unlink");
  return real(path);
}

// By which the standard library empties folders.
int unlinkat(int folder, const char* name, int flags) noexcept {
  if (ridgeline::Refuse(ridgeline::MeetAt(folder, name, ridgeline::Call::kRemoval))) return -1;
  static const auto real = ridgeline::Real<int (*)(int, const char*, int)>("unlinkat");
  return real(folder, name, flags);
}

// It calls unlink and rmdir inside the C library, where the overrides above and below are not seen.
int remove(const char* path) noexcept {
  if (ridgeline::Refuse(ridgeline::Meet(path, ridgeline::Call::kRemoval))) return -1;
  static const auto real = ridgeline::Real<int (*)(const char*)>("remove");
  return real(path);
}

int rmdir(const char* path) noexcept {
  if (ridgeline::Refuse(ridgeline::Meet(path, ridgeline::Call::kRemoval))) return -1;
  static const auto real = ridgeline::Real<int (*)(const char*)>("rmdir");
  return real(path);
}

int mkdir(const char* path, mode_t mode) noexcept {
  if (ridgeline::Refuse(ridgeline::Meet(path, ridgeline::Call::kOther))) return -1;
  static const auto real = ridgeline::Real<int (*)(const char*, mode_t)>("mkdir");
  return real(path, mode);
}

}  // extern "C"
