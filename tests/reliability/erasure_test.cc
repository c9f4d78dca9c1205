// A deleted user leaves no trace: not in the log, not in its files, not in a model, whatever the disk does.

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/training/retrainer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/training/training_world.h"
#include "tests/reliability/disk_faults.h"
#include "tests/support/byte_search.h"
#include "tests/support/long_form.h"

namespace ridgeline {
namespace {

constexpr char kUser[] = "user-who-wants-to-be-forgotten";

Interaction EventOf(const std::string& user, int number) {
  Interaction interaction = MakeInteraction(user, absl::StrCat("i", number));
  interaction.event_id = absl::StrCat(user, "-event-", number);
  return interaction;
}

class Erasure : public testing::Test, protected TrainingWorld {
 protected:
  Erasure() {
    Record(TwoTastes(20, 10));
    for (int n = 0; n < 10; ++n) Record({EventOf(kUser, n), EventOf("somebody-else", n)});
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
  void AwaitErasure() {
    while (!log->WaitForErasure().ok()) {
    }
  }
};

TEST_F(Erasure, OfADeletedUserNoByteIsLeftInTheDataFolderAfterOneRetraining) {
  RetrainerOptions options;
  options.als = SmallAls();
  Retrainer retrainer(options, log.get(), catalog.get(), store.get(), &snapshots, nullptr, &clock,
                      [](const TrainingRun&) {});
  const std::string first = Train(retrainer);
  const std::string second = Train(retrainer);
  EXPECT_FALSE(FilesWith(kUser, directory.File("log")).empty());
  EXPECT_EQ(FilesWith(kUser, directory.File("models")).size(), 2u);

  EXPECT_EQ(log->DeleteUser(kUser).value(), 10);
  EXPECT_TRUE(log->ReadUser(kUser)->empty());
  ASSERT_TRUE(log->WaitForErasure().ok());
  EXPECT_TRUE(FilesWith(kUser, directory.File("log")).empty());

  Train(retrainer);
  EXPECT_THAT(FilesWith(kUser, directory.path()), testing::IsEmpty());
  EXPECT_FALSE(FilesWith("somebody-else", directory.File("log")).empty());
  for (const std::string& version : {first, second}) {
    EXPECT_TRUE(retrainer.Activate(version).ok()) << "one can still go back";
    EXPECT_FALSE(snapshots.Get()->model().user_ids().Find(kUser).has_value());
    EXPECT_TRUE(snapshots.Get()->model().user_ids().Find("somebody-else").has_value());
  }
  ReportFigure("0 bytes left in log and models after one retraining");
}

TEST_F(Erasure, GoesOnAfterTheProcessEndedTooEarly) {
  const TempDir elsewhere;
  {
    DiskFaults disk(directory.path());
    // The deletion itself is the last thing that the disk takes.
    ASSERT_TRUE(log->WaitForErasure().ok());
    EXPECT_EQ(log->DeleteUser(kUser).value(), 10);
    disk.Fail(DiskFault::kNoSpace, FaultDuration::kUntilHealed, 0);
    disk.CopyAfterDeath(elsewhere.File("copy"));
    disk.Heal();
  }
  const auto reopened = InteractionLog::Open(elsewhere.File("copy/log")).value();
  EXPECT_TRUE(reopened->ReadUser(kUser)->empty());
  while (!reopened->WaitForErasure().ok()) {
  }
  EXPECT_THAT(FilesWith(kUser, elsewhere.File("copy/log")), testing::IsEmpty());
}

TEST_F(Erasure, IsNotOverWhileTheDiskKeepsAWriteAheadLogThatIsNoLongerNeeded) {
  DiskFaults disk(directory.path());
  disk.KeepFiles(".log");
  EXPECT_EQ(log->DeleteUser(kUser).value(), 10);
  EXPECT_EQ(log->WaitForErasure().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(FilesWith(kUser, directory.File("log")), testing::Not(testing::IsEmpty()));
  disk.Heal();
  AwaitErasure();
  EXPECT_THAT(FilesWith(kUser, directory.File("log")), testing::IsEmpty());
}

TEST_F(Erasure, IsTriedAgainAfterErrorsOfTheDisk) {
  int64_t failed = 0;
  int64_t tried = 0;
  for (const DiskFault fault : kDiskFaults) {
    for (int64_t site = 0; site < (LongForm() ? 60 : 30); site += LongForm() ? 1 : 10) {
      SCOPED_TRACE(absl::StrCat(DiskFaultName(fault), " at site ", site));
      const std::string user = absl::StrCat("forgotten-", DiskFaultName(fault), "-", site, "-");
      Record({EventOf(user, 1)});
      DiskFaults disk(directory.path());
      disk.Fail(fault, FaultDuration::kUntilHealed, site);
      const absl::StatusOr<int64_t> deleted = log->DeleteUser(user);
      const bool told = !deleted.ok() || !log->WaitForErasure().ok();
      EXPECT_TRUE(told || FilesWith(user, directory.File("log")).empty());
      ++tried;
      failed += disk.failed() ? 1 : 0;
      disk.Heal();
      if (!deleted.ok()) {
        EXPECT_TRUE(log->DeleteUser(user).ok());
      }
      AwaitErasure();
      EXPECT_THAT(FilesWith(user, directory.File("log")), testing::IsEmpty());
    }
  }
  EXPECT_GE(failed, tried / 4);
  ReportFigure(absl::StrCat("erased in spite of ", failed, " faults"));
}

}  // namespace
}  // namespace ridgeline
