#ifndef RIDGELINE_TESTS_RELIABILITY_DISK_FAULTS_H_
#define RIDGELINE_TESTS_RELIABILITY_DISK_FAULTS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/reliability/durable_tree.h"

namespace ridgeline {

/// What the disk does instead of what it is told.
enum class DiskFault {
  kIoError,      ///< EIO, whatever is tried
  kNoSpace,      ///< ENOSPC, whatever is tried
  kShortWrite,   ///< a write takes half of its bytes, and the next one none: ENOSPC
  kSyncFailure,  ///< fsync and fdatasync say EIO, and nothing reached the disk
};

/// How long it does so.
enum class FaultDuration {
  kOnce,        ///< at one site
  kUntilHealed  ///< from that site on, until Heal
};

/// All four, for loops.
inline constexpr DiskFault kDiskFaults[] = {DiskFault::kIoError, DiskFault::kNoSpace, DiskFault::kShortWrite,
                                            DiskFault::kSyncFailure};

const char* DiskFaultName(DiskFault fault);

/// A disk that fails on demand below one folder, for everything in this process that writes there: our own
/// code, the standard library and RocksDB. It stands between them and the C library, whose open (to write),
/// write, pwrite, fsync, fdatasync, ftruncate, fallocate, posix_fallocate, rename, renameat2, link, unlink,
/// unlinkat, remove, rmdir and mkdir the program that links this overrides. Each such call is a write site;
/// sites are counted from 0 from the construction on. What is in the folder then is on the disk; later syncs
/// count in a DurableTree alone. None of the program's syncs reaches the real disk meanwhile, whose power is
/// not cut. One object at a time. Thread-safe.
class DiskFaults {
 public:
  explicit DiskFaults(const std::string& folder);
  ~DiskFaults();
  DiskFaults(const DiskFaults&) = delete;
  DiskFaults& operator=(const DiskFaults&) = delete;

  /// From now on the disk fails at the site that is the `site`-th of those that can fail so.
  void Fail(DiskFault fault, FaultDuration duration, int64_t site);

  /// From now on the disk says EIO to who removes a file whose name ends in `ending`.
  void KeepFiles(const std::string& ending);

  /// Calls `look` when the disk first fails since, before who met the fault is told, and while nobody changes
  /// anything below the folder: neither must `look`, nor wait for somebody who does.
  void WhenItFails(std::function<void()> look);

  /// The disk does what it is told again.
  void Heal();

  /// How many sites there were at which the disk can fail so.
  int64_t sites(DiskFault fault) const;

  /// Whether the disk failed since Fail or KeepFiles.
  bool failed() const;

  /// Copies `folder` to `target` as it would be found after the power was cut now.
  void CopyAfterPowerLoss(UnsyncedNames names, const std::string& target) const;

  /// Copies it as it would be found after the process was killed now.
  void CopyAfterDeath(const std::string& target) const;
};

/// The sites to try of `sites`: all of them in the long form, else about `sample`, evenly spread.
std::vector<int64_t> SitesToTry(int64_t sites, int64_t sample);

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_RELIABILITY_DISK_FAULTS_H_
