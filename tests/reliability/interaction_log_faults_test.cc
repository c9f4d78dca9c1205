// A disk that refuses, at every write site of the interaction log in turn.

#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "core/interactions/interaction_log.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/reliability/disk_faults.h"
#include "tests/reliability/fault_story.h"
#include "tests/support/byte_search.h"
#include "tests/support/long_form.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

constexpr int kBatches = 8;
constexpr int kBatchSize = 3;
constexpr int kDeletesAfter = 5;  // batches
constexpr char kUser[] = "user";
constexpr char kDeletedUser[] = "#Gone";  // like no other id, so that a byte search finds it

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

// The event ids of both users.
std::multiset<std::string> EventsIn(const InteractionLog& log) {
  std::multiset<std::string> events;
  for (const char* user : {kUser, kDeletedUser}) {
    const absl::StatusOr<std::vector<LoggedInteraction>> history = log.ReadUser(user);
    EXPECT_TRUE(history.ok()) << history.status();
    if (!history.ok()) return {};
    for (const LoggedInteraction& logged : *history) events.insert(logged.interaction.event_id);
  }
  return events;
}

// The batches that are there, after a check that each is whole and there once.
std::set<int> BatchesIn(const InteractionLog& log, bool deleted) {
  std::multiset<std::string> events = EventsIn(log);
  // The thread that erases may open the log anew between the two looks.
  const absl::Time give_up = absl::Now() + absl::Seconds(10);
  while (log.size() != static_cast<int64_t>(events.size()) && absl::Now() < give_up) events = EventsIn(log);
  EXPECT_EQ(log.size(), static_cast<int64_t>(events.size()));
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

// What a client was told.
struct Told {
  std::set<int> acknowledged;  // batches
  bool deleted = false;
};

// Reads go on; what was not acknowledged may be there, too.
void ExpectAcknowledgedIn(const InteractionLog& log, const Told& told) {
  const std::set<int> found = BatchesIn(log, told.deleted);
  for (int batch : told.acknowledged) EXPECT_EQ(found.count(batch), 1u) << "lost batch " << batch;
}

// A client that remembers what it was told. Thread-safe in that: the disk may fail in another thread.
class Client {
 public:
  void Record(InteractionLog& log, int batch) {
    if (!log.Append(Batch(batch)).ok()) return;
    const std::lock_guard<std::mutex> lock(mutex_);
    told_.acknowledged.insert(batch);
  }
  void Delete(InteractionLog& log) {
    if (!log.DeleteUser(kDeletedUser).ok()) return;
    const std::lock_guard<std::mutex> lock(mutex_);
    told_.deleted = true;
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
      ExpectAcknowledgedIn(log, told());
    }
    log.WaitForErasure().IgnoreError();
  }

  void RetryWhatFailed(InteractionLog& log) {
    for (int batch = 0; batch < kBatches; ++batch) {
      if (told().acknowledged.count(batch) == 0) Record(log, batch);
      EXPECT_EQ(told().acknowledged.count(batch), 1u) << "the disk is whole again";
    }
    if (!told().deleted || !log.ReadUser(kDeletedUser).value().empty()) Delete(log);
    EXPECT_TRUE(told().deleted) << "the disk is whole again";
  }

  Told told() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return told_;
  }

 private:
  mutable std::mutex mutex_;
  Told told_;
};

std::unique_ptr<InteractionLog> OpenLog(const std::string& folder) {
  absl::StatusOr<std::unique_ptr<InteractionLog>> log = InteractionLog::Open(folder);
  EXPECT_TRUE(log.ok()) << log.status();
  return log.ok() ? *std::move(log) : nullptr;
}

// Deletes somebody, so that an erasure that failed is tried again now and not after a while.
void EraseAll(InteractionLog& log) {
  Interaction interaction;
  interaction.user_id = "another";
  interaction.item_id = "item";
  EXPECT_TRUE(log.Append({interaction}).ok());
  EXPECT_TRUE(log.DeleteUser("another").ok());
  while (!log.WaitForErasure().ok()) {
  }
}

// What was acknowledged is there; what was not may be, once. The deleted user's bytes go.
void ExpectNothingLostIn(const std::string& folder, const Told& told) {
  const std::string of_log = folder + "/log";
  const auto log = OpenLog(of_log);
  if (log == nullptr) return;
  ExpectAcknowledgedIn(*log, told);
  if (!told.deleted) return;
  EXPECT_TRUE(log->ReadUser(kDeletedUser).value().empty());
  while (!log->WaitForErasure().ok()) {
  }
  EXPECT_THAT(FilesWith(kDeletedUser, of_log), testing::IsEmpty());
}

// The whole story with the disk failing at one site; returns whether it did.
bool SurviveFault(DiskFault fault, FaultDuration duration, int64_t site) {
  const TempDir directory;
  const std::string folder = directory.File("log");
  Client client;
  Moments<Told> moments;
  DiskFaults disk(directory.path());
  disk.WhenItFails([&] { moments.at_fault.TakeAllEnds(disk, client.told()); });
  disk.Fail(fault, duration, site);
  absl::StatusOr<std::unique_ptr<InteractionLog>> opened = InteractionLog::Open(folder);
  if (opened.ok()) client.DoAll(**opened);
  const bool failed = disk.failed();
  if (failed) moments.before_healing.TakeAllEnds(disk, client.told());
  disk.Heal();
  if (!opened.ok()) opened = OpenLog(folder);
  if (*opened == nullptr) return failed;
  client.RetryWhatFailed(**opened);
  EXPECT_EQ(BatchesIn(**opened, true).size(), static_cast<size_t>(kBatches));
  EraseAll(**opened);
  moments.at_end.TakePowerCut(disk, client.told());
  moments.ForEachEnd(ExpectNothingLostIn);
  return failed;
}

int64_t CountSites(DiskFault fault) {
  const TempDir directory;
  DiskFaults disk(directory.path());
  Client client;
  const auto log = OpenLog(directory.File("log"));
  client.DoAll(*log);
  EXPECT_EQ(client.told().acknowledged.size(), static_cast<size_t>(kBatches));
  EXPECT_EQ(log->pending_erasures(), 0u);
  return disk.sites(fault);
}

TEST(InteractionLogFaults, NoFaultOfTheDiskLosesWhatWasAcknowledgedAndNoneNeedsARestart) {
  const FaultCount count =
      TryFaults([](DiskFault fault) { return SitesToTry(CountSites(fault), 8); }, SurviveFault);
  // RocksDB's threads make the number of sites differ by a few from run to run.
  EXPECT_GE(count.failed, count.tried * 9 / 10);
  ReportFigure(absl::StrCat("log: ", count.failed, " faults survived"));
}

TEST(InteractionLogFaults, TheFolderIsOnTheDiskAlsoWhereAProcessMadeItThatDidNotLiveToSyncIt) {
  const TempDir directory;
  DiskFaults disk(directory.path());
  std::filesystem::create_directory(directory.File("log"));
  Client client;
  const auto log = OpenLog(directory.File("log"));
  client.Record(*log, 0);
  Moment<Told> moment;
  moment.TakeAllEnds(disk, client.told());
  moment.ForEachEnd(ExpectNothingLostIn);
}

}  // namespace
}  // namespace ridgeline
