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
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

#include "tests/support/long_form.h"

namespace ridgeline {
namespace {

namespace fs = std::filesystem;

enum class Call { kWrite, kSync, kRemoval, kOther };

// Never destroyed: files are written while the program ends, too.
struct Disk {
  std::recursive_mutex mutex;  // recursive: who looks at the disk when it fails copies it
  std::string folder;          // empty: nothing is watched
  std::unique_ptr<DurableTree> durable;
  int64_t io_calls = 0;
  int64_t writes = 0;
  int64_t syncs = 0;
  bool armed = false;
  DiskFault fault = DiskFault::kIoError;
  FaultDuration duration = FaultDuration::kOnce;
  int64_t site = 0;
  bool failed = false;
  std::string kept;            // how the names of files end that stay, empty: any may go
  std::function<void()> look;  // called when it fails
};

using DiskLock = std::unique_lock<std::recursive_mutex>;

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
  return !folder.empty() && path.substr(0, folder.size()) == folder &&
         (path.size() == folder.size() || path[folder.size()] == '/');
}

bool EndsIn(std::string_view path, std::string_view ending) {
  return path.size() >= ending.size() && path.substr(path.size() - ending.size()) == ending;
}

std::string PathOf(int fd) {
  char path[4096];
  const ssize_t size = readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), path, sizeof(path));
  return size < 0 ? "" : std::string(path, static_cast<size_t>(size));
}

// The path of `name`, which is relative to the folder `fd` unless it is absolute.
std::string PathAt(int fd, const char* name) {
  return fd == AT_FDCWD || *name == '/' ? std::string(name) : PathOf(fd) + "/" + name;
}

// The disk fails; says whether it had not yet.
bool FailNow(Disk& disk) {
  const bool first = !std::exchange(disk.failed, true);
  if (disk.look != nullptr) std::exchange(disk.look, nullptr)();
  return first;
}

// Counts a call below the folder and says which fault it meets: its errno, -1 for a write cut short, 0 for
// none.
int Meet(Disk& disk, const std::string& path, Call call) {
  const int64_t here = CounterOf(disk, disk.fault);
  ++disk.io_calls;
  if (call == Call::kWrite) ++disk.writes;
  if (call == Call::kSync) ++disk.syncs;
  if (call == Call::kRemoval && !disk.kept.empty() && EndsIn(path, disk.kept)) {
    FailNow(disk);
    return EIO;
  }
  if (!disk.armed || !CanFailAt(disk.fault, call) || here < disk.site) return 0;
  const bool first = FailNow(disk);
  if (disk.fault == DiskFault::kShortWrite && first) return -1;
  if (disk.duration == FaultDuration::kOnce) disk.armed = false;
  return disk.fault == DiskFault::kNoSpace || disk.fault == DiskFault::kShortWrite ? ENOSPC : EIO;
}

std::string WatchedFolder() {
  const DiskLock lock(TheDisk().mutex);
  return TheDisk().folder;
}

// One call that changes files. Below the watched folder nobody else changes any until it ends.
class Turn {
 public:
  Turn(const std::string& path, Call call) : lock_(TheDisk().mutex) {
    watched_ = IsBelow(path, TheDisk().folder);
    if (watched_) error_ = Meet(TheDisk(), path, call);
    if (!watched_) lock_.unlock();
  }
  Turn(int fd, Call call) : Turn(WatchedFolder().empty() ? "" : PathOf(fd), call) {}

  bool watched() const { return watched_; }

  // Whether a write is to take half of its bytes.
  bool cut_short() const { return error_ < 0; }

  // The error that the call must end with, 0: none.
  int error() const { return error_ > 0 ? error_ : 0; }

  // The same in errno.
  bool Refused() const {
    if (error() != 0) errno = error();
    return error() != 0;
  }

  // To be asked when watched.
  DurableTree& durable() const { return *TheDisk().durable; }

 private:
  DiskLock lock_;
  bool watched_ = false;
  int error_ = 0;
};

template <typename Function>
Function Real(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

// Writes `size` bytes by `put`, as many of them as the disk takes; `end` says where in the file that ended.
template <typename Put, typename End>
ssize_t Write(int fd, size_t size, const Put& put, const End& end) {
  const Turn turn(fd, Call::kWrite);
  if (turn.Refused()) return -1;
  const ssize_t written = put(turn.cut_short() ? size / 2 : size);
  if (turn.watched() && written > 0) turn.durable().Wrote(fd, end(written) - written, end(written));
  return written;
}

int Sync(int fd, const char* name) {
  if (WatchedFolder().empty()) return Real<int (*)(int)>(name)(fd);
  const Turn turn(fd, Call::kSync);
  if (!turn.watched()) return 0;
  if (turn.Refused()) {
    turn.durable().SyncFailed(fd);
    errno = turn.error();
    return -1;
  }
  turn.durable().Synced(fd);
  return 0;
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
  const DiskLock lock(disk.mutex);
  disk.folder = fs::canonical(folder).string();
  disk.durable = std::make_unique<DurableTree>(disk.folder);
  disk.io_calls = disk.writes = disk.syncs = 0;
  disk.armed = disk.failed = false;
  disk.kept.clear();
}

DiskFaults::~DiskFaults() {
  const DiskLock lock(TheDisk().mutex);
  TheDisk().folder.clear();
  TheDisk().durable.reset();
  TheDisk().look = nullptr;
}

void DiskFaults::Fail(DiskFault fault, FaultDuration duration, int64_t site) {
  Disk& disk = TheDisk();
  const DiskLock lock(disk.mutex);
  disk.armed = true;
  disk.failed = false;
  disk.fault = fault;
  disk.duration = duration;
  disk.site = site;
}

void DiskFaults::KeepFiles(const std::string& ending) {
  Disk& disk = TheDisk();
  const DiskLock lock(disk.mutex);
  disk.kept = ending;
  disk.failed = false;
}

void DiskFaults::WhenItFails(std::function<void()> look) {
  const DiskLock lock(TheDisk().mutex);
  TheDisk().look = std::move(look);
}

void DiskFaults::Heal() {
  const DiskLock lock(TheDisk().mutex);
  TheDisk().armed = false;
  TheDisk().kept.clear();
}

int64_t DiskFaults::sites(DiskFault fault) const {
  const DiskLock lock(TheDisk().mutex);
  return CounterOf(TheDisk(), fault);
}

bool DiskFaults::failed() const {
  const DiskLock lock(TheDisk().mutex);
  return TheDisk().failed;
}

void DiskFaults::CopyAfterPowerLoss(UnsyncedNames names, const std::string& target) const {
  const DiskLock lock(TheDisk().mutex);
  TheDisk().durable->Copy(names, target);
}

void DiskFaults::CopyAfterDeath(const std::string& target) const {
  const DiskLock lock(TheDisk().mutex);
  fs::copy(TheDisk().folder, target, fs::copy_options::recursive);
}

std::vector<int64_t> SitesToTry(int64_t sites, int64_t sample) {
  const int64_t step = LongForm() ? 1 : std::max<int64_t>(1, sites / sample);
  std::vector<int64_t> chosen;
  for (int64_t site = 0; site < sites; site += step) chosen.push_back(site);
  return chosen;
}

}  // namespace ridgeline

// The C library's calls that change files, as the whole program sees them. Not those that RocksDB and the
// standard library have but do not come to use here: sync_file_range is only asked whether there is such a
// call, openat only reads, and truncate, writev and sendfile serve copies and streams that tests alone make.

extern "C" {

ssize_t write(int fd, const void* bytes, size_t size) {
  static const auto real = ridgeline::Real<ssize_t (*)(int, const void*, size_t)>("write");
  return ridgeline::Write(
      fd, size, [&](size_t taken) { return real(fd, bytes, taken); },
      [&](ssize_t) { return lseek(fd, 0, SEEK_CUR); });
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  static const auto real = ridgeline::Real<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
  return ridgeline::Write(
      fd, size, [&](size_t taken) { return real(fd, bytes, taken, offset); },
      [&](ssize_t written) { return offset + written; });
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
  static const auto real = ridgeline::Real<int (*)(const char*, int, ...)>("open");
  if ((flags & O_ACCMODE) == O_RDONLY) return real(path, flags, mode);
  const ridgeline::Turn turn(path, ridgeline::Call::kOther);
  if (turn.Refused()) return -1;
  const int fd = real(path, flags, mode);
  if (turn.watched() && fd >= 0 && (flags & O_TRUNC) != 0) turn.durable().Resized(fd, 0);
  return fd;
}

int ftruncate(int fd, off_t size) noexcept {
  static const auto real = ridgeline::Real<int (*)(int, off_t)>("ftruncate");
  const ridgeline::Turn turn(fd, ridgeline::Call::kOther);
  if (turn.Refused()) return -1;
  const int result = real(fd, size);
  if (turn.watched() && result == 0) turn.durable().Resized(fd, size);
  return result;
}

int fallocate(int fd, int mode, off_t offset, off_t size) {
  static const auto real = ridgeline::Real<int (*)(int, int, off_t, off_t)>("fallocate");
  const ridgeline::Turn turn(fd, ridgeline::Call::kOther);
  return turn.Refused() ? -1 : real(fd, mode, offset, size);
}

// Returns its error, and leaves errno alone.
int posix_fallocate(int fd, off_t offset, off_t size) {
  static const auto real = ridgeline::Real<int (*)(int, off_t, off_t)>("posix_fallocate");
  const ridgeline::Turn turn(fd, ridgeline::Call::kOther);
  return turn.error() != 0 ? turn.error() : real(fd, offset, size);
}

int rename(const char* from, const char* to) noexcept {
  static const auto real = ridgeline::Real<int (*)(const char*, const char*)>("rename");
  const ridgeline::Turn turn(to, ridgeline::Call::kOther);
  return turn.Refused() ? -1 : real(from, to);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned int flags) noexcept {
  static const auto real =
      ridgeline::Real<int (*)(int, const char*, int, const char*, unsigned int)>("renameat2");
  const ridgeline::Turn turn(ridgeline::PathAt(to_folder, to), ridgeline::Call::kOther);
  return turn.Refused() ? -1 : real(from_folder, from, to_folder, to, flags);
}

int link(const char* from, const char* to) noexcept {
  static const auto real = ridgeline::Real<int (*)(const char*, const char*)>("link");
  const ridgeline::Turn turn(to, ridgeline::Call::kOther);
  return turn.Refused() ? -1 : real(from, to);
}

int unlink(const char* path) noexcept {
  static const auto real = ridgeline::Real<int (*)(const char*)>("unlink");
  const ridgeline::Turn turn(path, ridgeline::Call::kRemoval);
  return turn.Refused() ? -1 : real(path);
}

// By which the standard library empties folders.
int unlinkat(int folder, const char* name, int flags) noexcept {
  static const auto real = ridgeline::Real<int (*)(int, const char*, int)>("unlinkat");
  const ridgeline::Turn turn(ridgeline::PathAt(folder, name), ridgeline::Call::kRemoval);
  return turn.Refused() ? -1 : real(folder, name, flags);
}

// It calls unlink and rmdir inside the C library, where the overrides above and below are not seen.
int remove(const char* path) noexcept {
  static const auto real = ridgeline::Real<int (*)(const char*)>("remove");
  const ridgeline::Turn turn(path, ridgeline::Call::kRemoval);
  return turn.Refused() ? -1 : real(path);
}

int rmdir(const char* path) noexcept {
  static const auto real = ridgeline::Real<int (*)(const char*)>("rmdir");
  const ridgeline::Turn turn(path, ridgeline::Call::kRemoval);
  return turn.Refused() ? -1 : real(path);
}

int mkdir(const char* path, mode_t mode) noexcept {
  static const auto real = ridgeline::Real<int (*)(const char*, mode_t)>("mkdir");
  const ridgeline::Turn turn(path, ridgeline::Call::kOther);
  return turn.Refused() ? -1 : real(path, mode);
}

// RocksDB rests for a second when its background work met an error. Waiting shows nothing.
int usleep(useconds_t microseconds) {
  static const auto real = ridgeline::Real<int (*)(useconds_t)>("usleep");
  return real(ridgeline::WatchedFolder().empty() ? microseconds : std::min<useconds_t>(microseconds, 1000));
}

}  // extern "C"
