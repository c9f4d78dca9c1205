// A disk that refuses, at every write site of the interaction log in turn.

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/interactions/interaction_log.h"
#include "gtest/gtest.h"
#include "tests/reliability/disk_faults.h"
#include "tests/support/long_form.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

constexpr int kBatches = 8;
constexpr int kBatchSize = 3;
constexpr int kDeletesAfter = 5;  // batches
constexpr char kUser[] = "user";
constexpr char kDeletedUser[] = "deleted-user";

std::vector<Interaction> Batch(int batch) {
  std::vector<Interaction> interactions;
  for (int i = 0; i < kBatchSize; ++i) {
    Interaction interaction;
    interaction.user_id = kUser;
    interaction.item_id = "item";
    interaction.event_id = absl::StrCat(batch, "-", i);
    interactions.push_back(std::move(interaction));
  }
  interactions.back().user_id = batch == 0 ? kDeletedUser : kUser;
  return interactions;
}

// The batches that are there, after a check that each is whole and there once.
std::set<int> BatchesIn(const InteractionLog& log, bool deleted) {
  std::multiset<std::string> events;
  for (const char* user : {kUser, kDeletedUser}) {
    const absl::StatusOr<std::vector<LoggedInteraction>> history = log.ReadUser(user);
    EXPECT_TRUE(history.ok()) << history.status();
    if (!history.ok()) return {};
    for (const LoggedInteraction& logged : *history) events.insert(logged.interaction.event_id);
  }
  std::set<int> batches;
  for (int batch = 0; batch < kBatches; ++batch) {
    size_t found = 0;
    size_t expected = 0;
    for (const Interaction& interaction : Batch(batch)) {
      const size_t count = events.count(interaction.event_id);
      EXPECT_LE(count, 1u) << interaction.event_id << " is there " << count << " times";
      found += count;
      expected += deleted && interaction.user_id == kDeletedUser ? 0 : 1;
    }
    EXPECT_TRUE(found == 0 || found == expected || !deleted) << found << " of batch " << batch;
    if (found > 0) batches.insert(batch);
  }
  EXPECT_EQ(log.size(), static_cast<int64_t>(events.size()));
  return batches;
}

// A copy of kUser's history as it may be kept in memory: read again after every write for that user,
// acknowledged or not, and when the log was opened anew.
class KeptCopy {
 public:
  void Take(const InteractionLog& log) {
    generation_ = log.generation();
    size_ = log.ReadUser(kUser).value().size();
  }
  void ExpectCurrent(const InteractionLog& log) const {
    if (log.generation() == generation_) {
      EXPECT_EQ(log.ReadUser(kUser).value().size(), size_) << "changed, and nobody was told";
    }
  }

 private:
  uint64_t generation_ = 0;
  size_t size_ = 0;
};

// A client that remembers what it was told.
class Client {
 public:
  void Record(InteractionLog& log, int batch) {
    if (log.Append(Batch(batch)).ok()) acknowledged_.insert(batch);
  }
  void Delete(InteractionLog& log) {
    const absl::StatusOr<int64_t> deleted = log.DeleteUser(kDeletedUser);
    if (deleted.ok()) deleted_ = true;
  }
  void DoAll(InteractionLog& log) {
    KeptCopy copy;
    for (int batch = 0; batch < kBatches; ++batch) {
      if (batch == kDeletesAfter) {
        Delete(log);
        copy.ExpectCurrent(log);
      }
      Record(log, batch);
      copy.Take(log);
      ExpectAcknowledgedIn(log);
    }
  }
  // Reads go on; what was not acknowledged may be there, too.
  void ExpectAcknowledgedIn(const InteractionLog& log) const {
    const std::set<int> found = BatchesIn(log, deleted_);
    for (int batch : acknowledged_) EXPECT_EQ(found.count(batch), 1u) << "lost batch " << batch;
  }

  void RetryWhatFailed(InteractionLog& log) {
    for (int batch = 0; batch < kBatches; ++batch) {
      if (acknowledged_.count(batch) == 0) Record(log, batch);
      EXPECT_EQ(acknowledged_.count(batch), 1u) << "the disk is whole again";
    }
    if (!deleted_ || !log.ReadUser(kDeletedUser).value().empty()) Delete(log);
    EXPECT_TRUE(deleted_) << "the disk is whole again";
  }

  const std::set<int>& acknowledged() const { return acknowledged_; }
  bool deleted() const { return deleted_; }

 private:
  std::set<int> acknowledged_;
  bool deleted_ = false;
};

std::unique_ptr<InteractionLog> OpenLog(const std::string& folder) {
  absl::StatusOr<std::unique_ptr<InteractionLog>> log = InteractionLog::Open(folder);
  EXPECT_TRUE(log.ok()) << log.status();
  return log.ok() ? *std::move(log) : nullptr;
}

// After a power loss now, or the process' death, what was acknowledged is there; what was not may be, once.
void ExpectAcknowledgedSurvive(const DiskFaults& disk, const Client& client) {
  const TempDir directory;
  for (const char* copy : {"after power loss", "after death"}) {
    SCOPED_TRACE(copy);
    if (copy == std::string("after death")) {
      disk.CopyAfterDeath(directory.File(copy));
    } else {
      disk.CopyAfterPowerLoss(directory.File(copy));
    }
    const auto log = OpenLog(directory.File(copy) + "/log");
    if (log == nullptr) return;
    client.ExpectAcknowledgedIn(*log);
    if (client.deleted()) {
      EXPECT_TRUE(log->ReadUser(kDeletedUser).value().empty());
    }
  }
}

// The whole story with the disk failing at one site; returns whether it did.
bool SurviveFault(DiskFault fault, FaultDuration duration, int64_t site) {
  const TempDir directory;
  const std::string folder = directory.File("log");
  DiskFaults disk(directory.path());
  disk.Fail(fault, duration, site);
  Client client;
  absl::StatusOr<std::unique_ptr<InteractionLog>> opened = InteractionLog::Open(folder);
  if (opened.ok()) {
    client.DoAll(**opened);
    (*opened)->WaitForErasure().IgnoreError();
    ExpectAcknowledgedSurvive(disk, client);
  }
  const bool failed = disk.failed();
  disk.Heal();
  if (!opened.ok()) opened = OpenLog(folder);
  if (*opened == nullptr) return failed;
  client.RetryWhatFailed(**opened);
  EXPECT_EQ(BatchesIn(**opened, true).size(), static_cast<size_t>(kBatches));
  while (!(*opened)->WaitForErasure().ok()) {
  }
  ExpectAcknowledgedSurvive(disk, client);
  return failed;
}

int64_t CountSites(DiskFault fault) {
  const TempDir directory;
  DiskFaults disk(directory.path());
  Client client;
  const auto log = OpenLog(directory.File("log"));
  client.DoAll(*log);
  EXPECT_EQ(client.acknowledged().size(), static_cast<size_t>(kBatches));
  return disk.sites(fault);
}

TEST(InteractionLogFaults, NoFaultOfTheDiskLosesWhatWasAcknowledgedAndNoneNeedsARestart) {
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
  ReportFigure(absl::StrCat("log: ", failed, " faults survived"));
}

}  // namespace
}  // namespace ridgeline
