// A disk that refuses, at every write site of the catalogue in turn.

#include <algorithm>
#include <set>
#include <string>

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

// A refused upsert may be found all the same, later.
void ExpectAll(const std::set<std::string>& ids, const Catalog& catalog) {
  const std::set<std::string> found = IdsIn(catalog);
  EXPECT_TRUE(std::includes(found.begin(), found.end(), ids.begin(), ids.end()));
}

// Upserts all items and deletes the first; `ids` are those that must be there by what was acknowledged.
void DoAll(Catalog& catalog, std::set<std::string>* ids) {
  for (int number = 0; number < kItems; ++number) {
    if (catalog.Upsert({ItemOf(number)}).ok()) ids->insert(ItemId(number));
    ExpectAll(*ids, catalog);
  }
  if (ids->count(ItemId(0)) > 0 && catalog.Delete(ItemId(0)).ok()) ids->erase(ItemId(0));
  ExpectAll(*ids, catalog);
}

std::unique_ptr<Catalog> OpenCatalog(const std::string& folder) {
  absl::StatusOr<std::unique_ptr<Catalog>> catalog = Catalog::Open(folder);
  EXPECT_TRUE(catalog.ok()) << catalog.status();
  return catalog.ok() ? *std::move(catalog) : nullptr;
}

void SurviveFault(DiskFault fault, FaultDuration duration, int64_t site) {
  const TempDir directory;
  const std::string folder = directory.File("data");
  DiskFaults disk(directory.path());
  disk.Fail(fault, duration, site);
  std::set<std::string> ids;
  absl::StatusOr<std::unique_ptr<Catalog>> opened = Catalog::Open(folder);
  if (opened.ok()) DoAll(**opened, &ids);
  disk.Heal();
  if (!opened.ok()) opened = OpenCatalog(folder);
  ASSERT_TRUE(opened.ok());
  std::set<std::string> all;
  for (int number = 1; number < kItems; ++number) {
    if (ids.count(ItemId(number)) == 0) {
      EXPECT_TRUE((*opened)->Upsert({ItemOf(number)}).ok());
    }
    all.insert(ItemId(number));
  }
  const absl::Status deleted = (*opened)->Delete(ItemId(0));
  EXPECT_TRUE(deleted.ok() || absl::IsNotFound(deleted)) << deleted;
  EXPECT_EQ(IdsIn(**opened), all);
  disk.CopyAfterPowerLoss(directory.path() + ".copy");
  EXPECT_EQ(IdsIn(*OpenCatalog(directory.path() + ".copy/data")), all);
  std::filesystem::remove_all(directory.path() + ".copy");
}

int64_t CountSites(DiskFault fault) {
  const TempDir directory;
  DiskFaults disk(directory.path());
  std::set<std::string> ids;
  const auto catalog = OpenCatalog(directory.File("data"));
  DoAll(*catalog, &ids);
  return disk.sites(fault);
}

TEST(CatalogFaults, NoFaultOfTheDiskLosesWhatWasAcknowledgedAndNoneNeedsARestart) {
  int64_t tried = 0;
  for (const DiskFault fault : kDiskFaults) {
    const int64_t sites = CountSites(fault);
    for (const FaultDuration duration : {FaultDuration::kOnce, FaultDuration::kUntilHealed}) {
      for (const int64_t site : SitesToTry(sites, 4)) {
        SCOPED_TRACE(absl::StrCat(DiskFaultName(fault), " at site ", site));
        SurviveFault(fault, duration, site);
        ++tried;
        if (HasFatalFailure()) return;
      }
    }
  }
  ReportFigure(absl::StrCat("catalogue: ", tried, " faults survived"));
}

}  // namespace
}  // namespace ridgeline
