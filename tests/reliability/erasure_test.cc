// A deleted user leaves no trace: not in the log, not in its files, not in a model, whatever the disk does.

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "core/training/retrainer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/training/training_world.h"
#include "tests/reliability/disk_faults.h"
#include "tests/support/byte_search.h"
#include "tests/support/long_form.h"

namespace ridgeline {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;
using testing::ResultOf;

// An id that has no four bytes in common with any other, and begins like none. "!" sorts before all others,
// so that RocksDB's manifest names a key of this user as the first of a table.
std::string IdOf(uint64_t number) {
  constexpr absl::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789#%";
  Random random(number);
  std::string id = "!";
  while (id.size() < 24) id += kLetters[random.Below(kLetters.size())];
  return id;
}

// The files below `folder` that hold six bytes in a row of `id`. It need not be there as a whole: RocksDB
// compresses blocks and leaves out what a key has in common with the one before, both of which replace bytes
// by a reference to equal ones. Those of an id that is like no other are spelled out where it comes first.
std::set<std::string> FilesWithPartOf(const std::string& id, const std::string& folder) {
  constexpr size_t kPart = 6;
  std::set<std::string> files;
  for (size_t begin = 0; begin + kPart <= id.size(); ++begin) {
    for (const std::string& file : FilesWith(id.substr(begin, kPart), folder)) files.insert(file);
  }
  return files;
}

// The kind of a file of RocksDB: "sst", "log", "MANIFEST", ...
std::string KindOf(const std::string& path) {
  const std::filesystem::path file(path);
  if (absl::StartsWith(file.filename().string(), "MANIFEST-")) return "MANIFEST";
  return file.has_extension() ? file.extension().string().substr(1) : file.filename().string();
}

Interaction EventOf(const std::string& user, int number) {
  Interaction interaction = MakeInteraction(user, absl::StrCat("i", number));
  interaction.event_id = absl::StrCat(user, "-event-", number);
  return interaction;
}

class Erasure : public testing::Test, protected TrainingWorld {
 protected:
  // The user's records are in a table, which opening the log anew writes, and in the write-ahead log.
  Erasure() {
    Record(TwoTastes(20, 10));
    for (int n = 0; n < 5; ++n) Record({EventOf(user, n), EventOf("somebody-else", n)});
    log.reset();
    log = InteractionLog::Open(directory.File("log")).value();
    for (int n = 5; n < 10; ++n) Record({EventOf(user, n), EventOf("somebody-else", n)});
  }

  std::string Train(Retrainer& retrainer) {
    TrainingRun run = retrainer.Start({}).value();
    while (!run.ended()) {
      run = retrainer.WaitForChange(run.id, run.revision, absl::InfiniteDuration()).value();
    }
    EXPECT_EQ(run.state, TrainingState::kSucceeded) << run.error;
    return run.model_version;
  }

  // Until the disk, whole again, has let the log do it.
  static void AwaitErasure(InteractionLog& log) {
    while (!log.WaitForErasure().ok()) {
    }
  }

  std::set<std::string> Traces() const { return FilesWithPartOf(user, directory.File("log")); }

  const std::string user = IdOf(1);
};

TEST_F(Erasure, IsOfFilesInWhichTheUserWasFound) {
  std::set<std::string> kinds;
  for (const std::string& file : Traces()) kinds.insert(KindOf(file));
  EXPECT_EQ(kinds, (std::set<std::string>{"MANIFEST", "log", "sst"}));
  EXPECT_THAT(FilesWithPartOf(IdOf(2), directory.File("log")), IsEmpty()) << "who was never recorded";
}

TEST_F(Erasure, OfADeletedUserNoByteIsLeftInTheDataFolderAfterOneRetraining) {
  RetrainerOptions options;
  options.als = SmallAls();
  Retrainer retrainer(options, log.get(), catalog.get(), store.get(), &snapshots, nullptr, &clock,
                      [](const TrainingRun&) {});
  const std::string first = Train(retrainer);
  const std::string second = Train(retrainer);
  EXPECT_EQ(FilesWithPartOf(user, directory.File("models")).size(), 2u);

  EXPECT_EQ(log->DeleteUser(user).value(), 10);
  EXPECT_TRUE(log->ReadUser(user)->empty());
  ASSERT_TRUE(log->WaitForErasure().ok());
  EXPECT_THAT(Traces(), IsEmpty());

  Train(retrainer);
  EXPECT_THAT(FilesWithPartOf(user, directory.path()), IsEmpty());
  EXPECT_FALSE(FilesWith("somebody-else", directory.File("log")).empty());
  for (const std::string& version : {first, second}) {
    EXPECT_TRUE(retrainer.Activate(version).ok()) << "one can still go back";
    EXPECT_FALSE(snapshots.Get()->model().user_ids().Find(user).has_value());
    EXPECT_TRUE(snapshots.Get()->model().user_ids().Find("somebody-else").has_value());
  }
  ReportFigure("0 bytes left in log and models after one retraining");
}

TEST_F(Erasure, GoesOnAfterTheProcessEndedOrThePowerWasCutTooEarly) {
  const TempDir copies;
  {
    DiskFaults disk(directory.path());
    // The deletion itself is the last thing that the disk takes.
    ASSERT_TRUE(log->WaitForErasure().ok());
    EXPECT_EQ(log->DeleteUser(user).value(), 10);
    disk.Fail(DiskFault::kNoSpace, FaultDuration::kUntilHealed, 0);
    disk.CopyAfterDeath(copies.File("death"));
    disk.CopyAfterPowerLoss(UnsyncedNames::kLost, copies.File("power-loss"));
    disk.CopyAfterPowerLoss(UnsyncedNames::kKept, copies.File("power-loss-that-kept-names"));
    disk.Heal();
  }
  for (const char* copy : {"death", "power-loss", "power-loss-that-kept-names"}) {
    SCOPED_TRACE(copy);
    const std::string folder = copies.File(copy) + "/log";
    EXPECT_THAT(FilesWithPartOf(user, folder), Not(IsEmpty()));
    const auto reopened = InteractionLog::Open(folder).value();
    EXPECT_TRUE(reopened->ReadUser(user)->empty());
    AwaitErasure(*reopened);
    EXPECT_THAT(FilesWithPartOf(user, folder), IsEmpty());
  }
}

TEST_F(Erasure, IsNotUndoneByAPowerLossOnceItIsOver) {
  const TempDir copies;
  DiskFaults disk(directory.path());
  EXPECT_EQ(log->DeleteUser(user).value(), 10);
  AwaitErasure(*log);
  for (const UnsyncedNames names : {UnsyncedNames::kLost, UnsyncedNames::kKept}) {
    const std::string copy = copies.File(names == UnsyncedNames::kLost ? "names-lost" : "names-kept");
    disk.CopyAfterPowerLoss(names, copy);
    EXPECT_THAT(FilesWithPartOf(user, copy), IsEmpty());
    EXPECT_EQ(InteractionLog::Open(copy + "/log").value()->pending_erasures(), 0u);
  }
}

TEST_F(Erasure, IsNotOverWhileTheDiskKeepsAWriteAheadLogThatIsNoLongerNeeded) {
  DiskFaults disk(directory.path());
  disk.KeepFiles(".log");
  EXPECT_EQ(log->DeleteUser(user).value(), 10);
  EXPECT_EQ(log->WaitForErasure().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(Traces(), Contains(ResultOf(KindOf, "log")));
  disk.Heal();
  AwaitErasure(*log);
  EXPECT_THAT(Traces(), IsEmpty());
}

TEST_F(Erasure, IsTriedAgainAfterErrorsOfTheDisk) {
  int64_t failed = 0;
  int64_t tried = 0;
  for (const DiskFault fault : kDiskFaults) {
    for (int64_t site = 0; site < (LongForm() ? 60 : 30); site += LongForm() ? 1 : 10) {
      SCOPED_TRACE(absl::StrCat(DiskFaultName(fault), " at site ", site));
      const std::string forgotten = IdOf(100 + static_cast<uint64_t>(tried));
      Record({EventOf(forgotten, 1)});
      EXPECT_THAT(FilesWithPartOf(forgotten, directory.File("log")), Not(IsEmpty()));
      DiskFaults disk(directory.path());
      disk.Fail(fault, FaultDuration::kUntilHealed, site);
      const absl::StatusOr<int64_t> deleted = log->DeleteUser(forgotten);
      const bool told = !deleted.ok() || !log->WaitForErasure().ok();
      EXPECT_TRUE(told || FilesWithPartOf(forgotten, directory.File("log")).empty());
      ++tried;
      failed += disk.failed() ? 1 : 0;
      disk.Heal();
      if (!deleted.ok()) {
        EXPECT_TRUE(log->DeleteUser(forgotten).ok());
      }
      AwaitErasure(*log);
      EXPECT_THAT(FilesWithPartOf(forgotten, directory.File("log")), IsEmpty());
    }
  }
  EXPECT_GE(failed, tried / 4);
  ReportFigure(absl::StrCat("erased in spite of ", failed, " faults"));
}

}  // namespace
}  // namespace ridgeline
