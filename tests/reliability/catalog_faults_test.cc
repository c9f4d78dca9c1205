// A disk that refuses, at every write site of the catalogue in turn.

#include <algorithm>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/catalog/catalog.h"
#include "gtest/gtest.h"
#include "tests/reliability/disk_faults.h"
#include "tests/reliability/fault_story.h"
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

void ExpectAsToldIn(const std::string& folder, const Told& told) {
  const auto catalog = OpenCatalog(folder + "/data");
  if (catalog != nullptr) ExpectAsTold(*catalog, told);
}

// The whole story with the disk failing at one site; returns whether it did.
bool SurviveFault(DiskFault fault, FaultDuration duration, int64_t site) {
  const TempDir directory;
  const std::string folder = directory.File("data");
  Client client;
  Moments<Told> moments;
  DiskFaults disk(directory.path());
  disk.WhenItFails([&] { moments.at_fault.TakeAllEnds(disk, client.told()); });
  disk.Fail(fault, duration, site);
  absl::StatusOr<std::unique_ptr<Catalog>> opened = Catalog::Open(folder);
  if (opened.ok()) client.DoAll(**opened);
  const bool failed = disk.failed();
  if (failed) moments.before_healing.TakeAllEnds(disk, client.told());
  disk.Heal();
  if (!opened.ok()) opened = OpenCatalog(folder);
  if (*opened == nullptr) return failed;
  client.RetryWhatFailed(**opened);
  ExpectAsTold(**opened, client.told());
  moments.at_end.TakePowerCut(disk, client.told());
  moments.ForEachEnd(ExpectAsToldIn);
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
  const FaultCount count =
      TryFaults([](DiskFault fault) { return SitesToTry(CountSites(fault), 4); }, SurviveFault);
  // RocksDB's threads make the number of sites differ by a few from run to run.
  EXPECT_GE(count.failed, count.tried * 9 / 10);
  ReportFigure(absl::StrCat("catalogue: ", count.failed, " faults survived"));
}

}  // namespace
}  // namespace ridgeline
