// A disk that refuses, at every write site of the catalogue in turn.

#include <algorithm>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/catalog/catalog.h"
#include "gtest/gtest.h"
#include "tests/reliability/disk_faults.h"
#include "tests/support/long_form.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

constexpr int kItems = 6;

std::string ItemId(int number) {
  return absl::StrCat("item-", number);
}

Item ItemOf(int number) {
  Item item;
  item.id = ItemId(number);
  item.title = "a title";
  return item;
}

std::set<std::string> IdsIn(const Catalog& catalog) {
  std::set<std::string> ids;
  for (const Item& item : catalog.List("", kItems + 1)) ids.insert(item.id);
  return ids;
}

// What a client was told: which items must be there, and which must not.
struct Told {
  std::set<std::string> there;
  std::set<std::string> gone;
};

// A refused upsert may be found all the same, later, and a refused deletion may have taken place.
void ExpectAsTold(const Catalog& catalog, const Told& told) {
  const std::set<std::string> found = IdsIn(catalog);
  EXPECT_TRUE(std::includes(found.begin(), found.end(), told.there.begin(), told.there.end()));
  for (const std::string& id : told.gone) EXPECT_EQ(found.count(id), 0u) << id << " came back";
}

// A client that remembers what it was told. Thread-safe in that: the disk may fail in another thread.
class Client {
 public:
  void Upsert(Catalog& catalog, int number) {
    if (!catalog.Upsert({ItemOf(number)}).ok()) return;
    const std::lock_guard<std::mutex> lock(mutex_);
    told_.there.insert(ItemId(number));
  }
  void DeleteFirst(Catalog& catalog) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      told_.there.erase(ItemId(0));
    }
    const absl::Status deleted = catalog.Delete(ItemId(0));
    if (!deleted.ok() && !absl::IsNotFound(deleted)) return;
    const std::lock_guard<std::mutex> lock(mutex_);
    if (deleted.ok()) told_.gone.insert(ItemId(0));
  }

  // Upserts all items and deletes the first.
  void DoAll(Catalog& catalog) {
    for (int number = 0; number < kItems; ++number) {
      Upsert(catalog, number);
      ExpectAsTold(catalog, told());
    }
    DeleteFirst(catalog);
    ExpectAsTold(catalog, told());
  }

  // The same for what was refused, on a whole disk.
  void RetryWhatFailed(Catalog& catalog) {
    for (int number = 1; number < kItems; ++number) {
      if (told().there.count(ItemId(number)) == 0) Upsert(catalog, number);
    }
    if (told().gone.empty()) {
      Upsert(catalog, 0);
      DeleteFirst(catalog);
    }
    EXPECT_EQ(told().there.size(), static_cast<size_t>(kItems - 1));
    EXPECT_EQ(told().gone.size(), 1u);
  }

  Told told() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return told_;
  }

 private:
  mutable std::mutex mutex_;
  Told told_;
};

std::unique_ptr<Catalog> OpenCatalog(const std::string& folder) {
  absl::StatusOr<std::unique_ptr<Catalog>> catalog = Catalog::Open(folder);
  EXPECT_TRUE(catalog.ok()) << catalog.status();
  return catalog.ok() ? *std::move(catalog) : nullptr;
}

// A moment: what the client was told by then, and the folder as it would be found after each end of the
// process.
class Moment {
 public:
  // After a power cut that loses all that was not synced.
  void TakePowerCut(const DiskFaults& disk, const Client& client) {
    told_ = client.told();
    disk.CopyAfterPowerLoss(UnsyncedNames::kLost, copies_.File("after a power cut"));
  }
  void TakeAllEnds(const DiskFaults& disk, const Client& client) {
    TakePowerCut(disk, client);
    disk.CopyAfterPowerLoss(UnsyncedNames::kKept, copies_.File("after a power cut, names kept"));
    disk.CopyAfterDeath(copies_.File("after death"));
  }

  void ExpectAsToldAfterIt() const {
    for (const auto& copy : std::filesystem::directory_iterator(copies_.path())) {
      SCOPED_TRACE(copy.path().filename());
      const auto catalog = OpenCatalog(copy.path() / "data");
      if (catalog != nullptr) ExpectAsTold(*catalog, told_);
    }
  }

 private:
  const TempDir copies_;
  Told told_;
};

// The whole story with the disk failing at one site; returns whether it did.
bool SurviveFault(DiskFault fault, FaultDuration duration, int64_t site) {
  const TempDir directory;
  const std::string folder = directory.File("data");
  Client client;
  Moment at_fault, before_healing, at_end;
  DiskFaults disk(directory.path());
  disk.WhenItFails([&] { at_fault.TakeAllEnds(disk, client); });
  disk.Fail(fault, duration, site);
  absl::StatusOr<std::unique_ptr<Catalog>> opened = Catalog::Open(folder);
  if (opened.ok()) client.DoAll(**opened);
  const bool failed = disk.failed();
  if (failed) before_healing.TakeAllEnds(disk, client);
  disk.Heal();
  if (!opened.ok()) opened = OpenCatalog(folder);
  if (*opened == nullptr) return failed;
  client.RetryWhatFailed(**opened);
  ExpectAsTold(**opened, client.told());
  at_end.TakePowerCut(disk, client);
  for (const auto& [name, moment] :
       {std::pair("at the fault", &at_fault), std::pair("before healing", &before_healing),
        std::pair("at the end", &at_end)}) {
    SCOPED_TRACE(name);
    moment->ExpectAsToldAfterIt();
  }
  return failed;
}

int64_t CountSites(DiskFault fault) {
  const TempDir directory;
  DiskFaults disk(directory.path());
  Client client;
  const auto catalog = OpenCatalog(directory.File("data"));
  client.DoAll(*catalog);
  EXPECT_EQ(client.told().there.size(), static_cast<size_t>(kItems - 1));
  EXPECT_EQ(client.told().gone.size(), 1u);
  return disk.sites(fault);
}

TEST(CatalogFaults, NoFaultOfTheDiskLosesWhatWasAcknowledgedAndNoneNeedsARestart) {
  int64_t tried = 0;
  int64_t failed = 0;
  for (const DiskFault fault : kDiskFaults) {
    const int64_t sites = CountSites(fault);
    for (const FaultDuration duration : {FaultDuration::kOnce, FaultDuration::kUntilHealed}) {
      for (const int64_t site : SitesToTry(sites, 4)) {
        SCOPED_TRACE(absl::StrCat(DiskFaultName(fault), " at site ", site,
                                  duration == FaultDuration::kOnce ? " once" : " until healed"));
        failed += SurviveFault(fault, duration, site) ? 1 : 0;
        ++tried;
      }
    }
  }
  // RocksDB's threads make the number of sites differ by a few from run to run.
  EXPECT_GE(failed, tried * 9 / 10);
  ReportFigure(absl::StrCat("catalogue: ", failed, " faults survived"));
}

}  // namespace
}  // namespace ridgeline
