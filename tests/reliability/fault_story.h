#ifndef RIDGELINE_TESTS_RELIABILITY_FAULT_STORY_H_
#define RIDGELINE_TESTS_RELIABILITY_FAULT_STORY_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/reliability/disk_faults.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {

/// How often a story was told with a fault to come, and in how many of these it came.
struct FaultCount {
  int64_t tried = 0;
  int64_t failed = 0;
};

/// Has `survive` tell a story with the disk failing in each way, once and until healed, at each of the sites
/// that `sites_of` names; it returns whether the disk did fail.
inline FaultCount TryFaults(const std::function<std::vector<int64_t>(DiskFault)>& sites_of,
                            const std::function<bool(DiskFault, FaultDuration, int64_t)>& survive) {
  FaultCount count;
  for (const DiskFault fault : kDiskFaults) {
    const std::vector<int64_t> sites = sites_of(fault);
    for (const FaultDuration duration : {FaultDuration::kOnce, FaultDuration::kUntilHealed}) {
      for (const int64_t site : sites) {
        SCOPED_TRACE(absl::StrCat(DiskFaultName(fault), " at site ", site,
                                  duration == FaultDuration::kOnce ? " once" : " until healed"));
        count.failed += survive(fault, duration, site) ? 1 : 0;
        ++count.tried;
      }
    }
  }
  return count;
}

/// A moment of a story: what its teller was `Told` by then, and the folder as it would be found after ends
/// that the process could meet.
template <class Told>
class Moment {
 public:
  /// After a power cut that loses all that was not synced. Who calls knows `told` before the copy begins:
  /// what is acknowledged during it need not be in it.
  void TakePowerCut(const DiskFaults& disk, Told told) {
    told_ = std::move(told);
    disk.CopyAfterPowerLoss(UnsyncedNames::kLost, copies_.File("after a power cut"));
  }

  /// The same, after one that keeps names, and after a kill.
  void TakeAllEnds(const DiskFaults& disk, Told told) {
    TakePowerCut(disk, std::move(told));
    disk.CopyAfterPowerLoss(UnsyncedNames::kKept, copies_.File("after a power cut, names kept"));
    disk.CopyAfterDeath(copies_.File("after death"));
  }

  /// Adds a power cut that keeps names in subfolders alone, for a folder whose own names tell what is whole.
  void AddCutThatKeepsNamesOfFiles(const DiskFaults& disk) {
    disk.CopyAfterPowerLoss(UnsyncedNames::kKeptInSubfolders, copies_.File("after one, names of files kept"));
  }

  /// Calls `expect` with the folder as each end leaves it.
  void ForEachEnd(const std::function<void(const std::string& folder, const Told& told)>& expect) const {
    for (const auto& copy : std::filesystem::directory_iterator(copies_.path())) {
      SCOPED_TRACE(copy.path().filename());
      expect(copy.path(), told_);
    }
  }

 private:
  const TempDir copies_;
  Told told_;
};

/// The moments of a story with a fault in it.
template <class Told>
struct Moments {
  Moment<Told> at_fault;
  Moment<Told> before_healing;
  Moment<Told> at_end;

  /// As Moment::ForEachEnd, of all of them.
  void ForEachEnd(const std::function<void(const std::string& folder, const Told& told)>& expect) const {
    for (const auto& [name, moment] :
         {std::pair("at the fault", &at_fault), std::pair("before healing", &before_healing),
          std::pair("at the end", &at_end)}) {
      SCOPED_TRACE(name);
      moment->ForEachEnd(expect);
    }
  }
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_RELIABILITY_FAULT_STORY_H_
