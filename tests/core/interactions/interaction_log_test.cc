#include "core/interactions/interaction_log.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "core/interactions/log_format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

namespace fs = std::filesystem;

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

Interaction Event(const std::string& user, const std::string& item, const std::string& event_id = "") {
  Interaction interaction;
  interaction.user_id = user;
  interaction.item_id = item;
  interaction.event_id = event_id;
  interaction.time = absl::FromUnixSeconds(1000);
  return interaction;
}

std::unique_ptr<InteractionLog> OpenLog(const std::string& directory) {
  absl::StatusOr<std::unique_ptr<InteractionLog>> log = InteractionLog::Open(directory);
  EXPECT_TRUE(log.ok()) << log.status();
  return log.ok() ? *std::move(log) : nullptr;
}

std::vector<std::string> ItemsOf(const InteractionLog& log, const std::string& user, uint64_t after = 0,
                                 size_t limit = 0) {
  std::vector<std::string> items;
  const std::vector<LoggedInteraction> history = log.ReadUser(user, after, limit).value();
  for (const LoggedInteraction& logged : history) {
    EXPECT_EQ(logged.interaction.user_id, user);
    items.push_back(logged.interaction.item_id);
  }
  return items;
}

std::map<uint64_t, Interaction> ScanAll(const InteractionLog& log, uint64_t through = UINT64_MAX) {
  std::map<uint64_t, Interaction> all;
  EXPECT_TRUE(log.Scan(through,
                       [&](const LoggedInteraction& logged) {
                         EXPECT_TRUE(all.emplace(logged.sequence, logged.interaction).second);
                         return absl::OkStatus();
                       })
                  .ok());
  return all;
}

TEST(InteractionLog, StartsEmpty) {
  const TempDir directory;
  const auto log = OpenLog(directory.path());
  EXPECT_EQ(log->size(), 0);
  EXPECT_EQ(log->last_sequence(), 0u);
  EXPECT_FALSE(MayKnowUser(*log, "u", UINT64_MAX).value());
  EXPECT_THAT(ItemsOf(*log, "u"), IsEmpty());
  EXPECT_THAT(ScanAll(*log), IsEmpty());
  EXPECT_EQ(log->Append({})->recorded, 0);
}

TEST(InteractionLog, KeepsEachUsersHistoryInRecordingOrder) {
  const TempDir directory;
  const auto log = OpenLog(directory.path());
  const AppendResult first = log->Append({Event("a", "1"), Event("ab", "2"), Event("a", "3")}).value();
  EXPECT_EQ(first.recorded, 3);
  EXPECT_EQ(first.last_sequence, 3u);
  EXPECT_EQ(log->Append({Event("a", "4")})->last_sequence, 4u);
  EXPECT_THAT(ItemsOf(*log, "a"), ElementsAre("1", "3", "4"));
  EXPECT_THAT(ItemsOf(*log, "ab"), ElementsAre("2"));
  EXPECT_EQ(log->ReadUser("a")->back().sequence, 4u);
  EXPECT_EQ(log->ReadUser("ab")->back().sequence, 2u);
  EXPECT_EQ(log->size(), 4);
}

TEST(InteractionLog, ReadsAUserInPages) {
  const TempDir directory;
  const auto log = OpenLog(directory.path());
  for (int n = 0; n < 5; ++n) ASSERT_TRUE(log->Append({Event("u", absl::StrCat(n)), Event("v", "x")}).ok());
  EXPECT_THAT(ItemsOf(*log, "u", 0, 2), ElementsAre("0", "1"));
  EXPECT_THAT(ItemsOf(*log, "u", log->ReadUser("u", 0, 2)->back().sequence, 2), ElementsAre("2", "3"));
  EXPECT_THAT(ItemsOf(*log, "u", log->ReadUser("u")->back().sequence), IsEmpty());
}

TEST(InteractionLog, KnowsAUserOfBeforeUntilADeletionAndNotByALaterLife) {
  const TempDir directory;
  const auto log = OpenLog(directory.path());
  ASSERT_TRUE(log->Append({Event("a", "1"), Event("u", "2"), Event("u", "3")}).ok());
  EXPECT_FALSE(MayKnowUser(*log, "u", 1).value());
  EXPECT_TRUE(MayKnowUser(*log, "u", 2).value());
  EXPECT_TRUE(MayKnowUser(*log, "u", 3).value());
  EXPECT_FALSE(MayKnowUser(*log, "nobody", 3).value());
  ASSERT_TRUE(log->DeleteUser("u").ok());
  ASSERT_TRUE(log->Append({Event("u", "4")}).ok());
  EXPECT_FALSE(MayKnowUser(*log, "u", 3).value());
}

TEST(InteractionLog, OfThoseWhoDepartedAHashStaysForModelsOfOtherOriginUntilItMayGo) {
  const TempDir directory;
  {
    const auto log = OpenLog(directory.path());
    ASSERT_TRUE(log->Append({Event("u", "1")}).ok());
    EXPECT_TRUE(MayKnowUser(*log, "u", 0).value());
    ASSERT_TRUE(log->DeleteUser("u").ok());
    ASSERT_TRUE(log->DeleteUser("of-a-file").ok());
    EXPECT_EQ(log->deletions().count, 2u);
  }
  auto log = OpenLog(directory.path());
  EXPECT_EQ(log->deletions().count, 1u) << "it counts those of before as one";
  const std::vector<uint64_t> departed = log->deletions().departed;
  EXPECT_EQ(departed.size(), 2u);
  for (const char* user : {"u", "of-a-file"}) EXPECT_FALSE(MayKnowUser(*log, user, 0).value()) << user;
  EXPECT_TRUE(MayKnowUser(*log, "v", 0).value());
  ASSERT_TRUE(log->DeleteUser("v").ok());
  ASSERT_TRUE(log->ForgetDepartures(departed).ok());
  EXPECT_TRUE(MayKnowUser(*log, "of-a-file", 0).value());
  EXPECT_FALSE(MayKnowUser(*log, "v", 0).value()) << "later than those";
  log.reset();
  log = OpenLog(directory.path());
  EXPECT_TRUE(MayKnowUser(*log, "of-a-file", 0).value());
  EXPECT_FALSE(MayKnowUser(*log, "v", 0).value());
}

TEST(InteractionLog, RecordsAnEventIdOnce) {
  const TempDir directory;
  const auto log = OpenLog(directory.path());
  const AppendResult first =
      log->Append({Event("u", "1", "e1"), Event("u", "2", "e1"), Event("v", "3", "e1")}).value();
  EXPECT_EQ(first.recorded, 1);
  EXPECT_EQ(first.duplicates, 2);
  const AppendResult second = log->Append({Event("u", "1", "e1"), Event("u", "4", "e2")}).value();
  EXPECT_EQ(second.recorded, 1);
  EXPECT_EQ(second.duplicates, 1);
  EXPECT_EQ(second.last_sequence, 2u);
  EXPECT_THAT(ItemsOf(*log, "u"), ElementsAre("1", "4"));
  EXPECT_EQ(log->size(), 2);
}

TEST(InteractionLog, RecordsAllOrNone) {
  const TempDir directory;
  const auto log = OpenLog(directory.path());
  const absl::Status status = log->Append({Event("u", "1"), Event("u", "")}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), StartsWith("interactions[1].item_id: "));
  EXPECT_EQ(log->size(), 0);
  EXPECT_THAT(ItemsOf(*log, "u"), IsEmpty());
}

TEST(InteractionLog, EverythingIsThereAfterReopening) {
  const TempDir directory;
  Interaction written = Event("u", "ü", "e");
  written.value = -2.5f;
  written.event_type = "click";
  written.recommendation_id = "r";
  ASSERT_TRUE(OpenLog(directory.path())->Append({written, Event("u", "2")}).ok());
  const auto log = OpenLog(directory.path());
  EXPECT_EQ(log->size(), 2);
  EXPECT_EQ(log->last_sequence(), 2u);
  const Interaction read = log->ReadUser("u").value()[0].interaction;
  EXPECT_EQ(read.item_id, "ü");
  EXPECT_EQ(read.value, -2.5f);
  EXPECT_EQ(read.time, written.time);
  EXPECT_EQ(read.event_type, "click");
  EXPECT_EQ(read.recommendation_id, "r");
  EXPECT_EQ(log->Append({written})->duplicates, 1);
  EXPECT_EQ(log->Append({Event("u", "3")})->last_sequence, 3u);
}

TEST(InteractionLog, TheNewestStampIsThereAfterReopeningThoughOthersCameWithout) {
  const TempDir directory;
  const absl::Time stamp = absl::FromUnixSeconds(1'700'000'000);
  {
    const auto log = OpenLog(directory.path());
    ASSERT_TRUE(log->Append({Event("u", "1")}).ok());
    EXPECT_EQ(log->newest_stamp(), absl::InfinitePast());
    ASSERT_TRUE(log->Append({Event("u", "2")}, stamp).ok());
    ASSERT_TRUE(log->Append({Event("u", "3")}, stamp - absl::Hours(24)).ok());
    ASSERT_TRUE(log->Append({Event("u", "4")}).ok());
    EXPECT_EQ(log->newest_stamp(), stamp);
  }
  EXPECT_EQ(OpenLog(directory.path())->newest_stamp(), stamp);
}

TEST(InteractionLog, ADeletedUserLeavesNothingBehind) {
  const TempDir directory;
  {
    const auto log = OpenLog(directory.path());
    ASSERT_TRUE(log->Append({Event("a", "1", "e1"), Event("ab", "2", "e2"), Event("a", "3")}).ok());
    EXPECT_EQ(log->DeleteUser("a").value(), 2);
    EXPECT_EQ(log->DeleteUser("a").value(), 0);
    EXPECT_EQ(log->DeleteUser("nobody").value(), 0);
    EXPECT_THAT(ItemsOf(*log, "a"), IsEmpty());
    EXPECT_FALSE(MayKnowUser(*log, "a", UINT64_MAX).value());
    EXPECT_EQ(log->size(), 1);
  }
  const auto log = OpenLog(directory.path());
  EXPECT_EQ(log->size(), 1);
  EXPECT_THAT(ItemsOf(*log, "ab"), ElementsAre("2"));
  EXPECT_EQ(log->Append({Event("a", "1", "e1")})->recorded, 1) << "the event id is forgotten too";
  EXPECT_EQ(log->last_sequence(), 4u) << "sequences are not used twice";
}

TEST(InteractionLog, ScanSeesTheLogUpToASequence) {
  const TempDir directory;
  const auto log = OpenLog(directory.path());
  for (int n = 1; n <= 20; ++n) {
    ASSERT_TRUE(log->Append({Event(absl::StrCat("u", n % 3), absl::StrCat(n), absl::StrCat("e", n))}).ok());
  }
  const std::map<uint64_t, Interaction> seen = ScanAll(*log, 12);
  ASSERT_EQ(seen.size(), 12u);
  for (const auto& [sequence, interaction] : seen) EXPECT_EQ(interaction.item_id, absl::StrCat(sequence));
}

TEST(InteractionLog, ScanGoesUserByUserAndStopsWhenTold) {
  const TempDir directory;
  const auto log = OpenLog(directory.path());
  for (int n = 0; n < 30; ++n) ASSERT_TRUE(log->Append({Event(absl::StrCat("u", n % 4), "i")}).ok());
  std::set<std::string> finished;
  std::string current;
  int visits = 0;
  const absl::Status status = log->Scan(UINT64_MAX, [&](const LoggedInteraction& logged) {
    const std::string& user = logged.interaction.user_id;
    const bool came_twice = user != current && !finished.insert(user).second;
    EXPECT_FALSE(came_twice) << user << " came twice";
    current = user;
    return ++visits == 20 ? absl::CancelledError("enough") : absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(visits, 20);
}

TEST(InteractionLog, AgreesWithANaiveLogOverRandomOperations) {
  const TempDir directory;
  auto log = OpenLog(directory.path());
  std::map<uint64_t, Interaction> oracle;
  uint64_t sequence = 0;
  Random random(11);
  for (int step = 0; step < 300; ++step) {
    const std::string user = absl::StrCat("u", random.Below(6));
    const uint64_t kind = random.Below(20);
    if (kind == 0) {
      const auto removed =
          std::erase_if(oracle, [&](const auto& entry) { return entry.second.user_id == user; });
      ASSERT_EQ(log->DeleteUser(user).value(), static_cast<int64_t>(removed));
    } else if (kind == 1) {
      log.reset();
      log = OpenLog(directory.path());
    } else {
      const Interaction event = Event(user, absl::StrCat(step), absl::StrCat("e", random.Below(150)));
      const bool known = std::any_of(oracle.begin(), oracle.end(), [&](const auto& entry) {
        return entry.second.event_id == event.event_id;
      });
      ASSERT_EQ(log->Append({event})->duplicates, known ? 1 : 0);
      if (!known) oracle[++sequence] = event;
    }
    ASSERT_EQ(log->size(), static_cast<int64_t>(oracle.size()));
    ASSERT_EQ(log->last_sequence(), sequence);
  }
  const std::map<uint64_t, Interaction> all = ScanAll(*log);
  ASSERT_EQ(all.size(), oracle.size());
  for (const auto& [number, interaction] : oracle) EXPECT_EQ(all.at(number).item_id, interaction.item_id);
}

TEST(InteractionLog, ConcurrentAppendsRecordEveryEventOnceAndSeeTheirOwnWrites) {
  constexpr int kThreads = 8;
  constexpr int kAppends = 40;
  const TempDir directory;
  const auto log = OpenLog(directory.path());
  std::vector<std::thread> threads;
  std::atomic<int64_t> recorded{0};
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int n = 0; n < kAppends; ++n) {
        // Pairs of threads send the same events.
        const std::string event_id = absl::StrCat("e", thread / 2, "-", n);
        const std::string user = absl::StrCat("u", thread);
        const AppendResult result =
            log->Append({Event(user, "own", absl::StrCat(user, n)), Event("shared", event_id, event_id)})
                .value();
        recorded += result.recorded;
        EXPECT_GE(log->last_sequence(), result.last_sequence);
        EXPECT_EQ(log->ReadUser(user)->size(), static_cast<size_t>(n + 1));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const int64_t expected = kThreads * kAppends + kThreads / 2 * kAppends;
  EXPECT_EQ(recorded.load(), expected);
  EXPECT_EQ(log->size(), expected);
  EXPECT_EQ(log->last_sequence(), static_cast<uint64_t>(expected));
  EXPECT_EQ(ScanAll(*log).size(), static_cast<size_t>(expected));
}

TEST(InteractionLog, DeletingWhileOthersAppendKeepsTheCountExact) {
  const TempDir directory;
  const auto log = OpenLog(directory.path());
  std::thread appender([&] {
    for (int n = 0; n < 100; ++n) EXPECT_TRUE(log->Append({Event("u", "i"), Event("v", "i")}).ok());
  });
  for (int n = 0; n < 10; ++n) EXPECT_TRUE(log->DeleteUser("u").ok());
  appender.join();
  EXPECT_EQ(log->size(), static_cast<int64_t>(ScanAll(*log).size()));
  EXPECT_EQ(log->ReadUser("v")->size(), 100u);
}

// The file of the write-ahead log with the highest number.
fs::path NewestWriteAheadLog(const std::string& directory) {
  fs::path newest;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory)) {
    if (entry.path().extension() == ".log") newest = std::max(newest, entry.path());
  }
  return newest;
}

TEST(InteractionLog, OfAHalfWrittenAppendNothingIsFound) {
  const TempDir directory;
  const std::string original = directory.File("original");
  uintmax_t size_after_first = 0;
  uintmax_t size_after_second = 0;
  {
    const auto log = OpenLog(original);
    ASSERT_TRUE(log->Append({Event("u", "1", "e1"), Event("u", "2", "e2")}).ok());
    size_after_first = fs::file_size(NewestWriteAheadLog(original));
    ASSERT_TRUE(log->Append({Event("u", "3", "e3"), Event("u", "4", "e4"), Event("v", "5", "e5")}).ok());
    size_after_second = fs::file_size(NewestWriteAheadLog(original));
  }
  ASSERT_GT(size_after_second, size_after_first);
  for (uintmax_t size = size_after_first; size <= size_after_second;
       size += size < size_after_second - 9 ? 7 : 1) {
    const std::string copy = directory.File("copy");
    fs::remove_all(copy);
    fs::copy(original, copy);
    fs::resize_file(NewestWriteAheadLog(copy), size);
    const auto log = OpenLog(copy);
    ASSERT_NE(log, nullptr);
    const int64_t expected = size == size_after_second ? 5 : 2;
    EXPECT_EQ(log->size(), expected) << size;
    EXPECT_EQ(ScanAll(*log).size(), static_cast<size_t>(expected)) << size;
    EXPECT_EQ(log->Append({Event("v", "5", "e5")})->duplicates, expected == 5 ? 1 : 0);
  }
}

TEST(InteractionLog, DamageInTheMiddleOfTheWriteAheadLogIsDataLossNotSilence) {
  const TempDir directory;
  {
    const auto log = OpenLog(directory.path());
    for (int n = 0; n < 20; ++n) ASSERT_TRUE(log->Append({Event("u", absl::StrCat(n))}).ok());
  }
  const fs::path file = NewestWriteAheadLog(directory.path());
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekp(static_cast<std::streamoff>(fs::file_size(file) / 2));
  stream.write("damage", 6);
  stream.close();
  EXPECT_EQ(InteractionLog::Open(directory.path()).status().code(), absl::StatusCode::kDataLoss);
}

TEST(InteractionLog, ASecondOpenIsUnavailable) {
  const TempDir directory;
  const auto log = OpenLog(directory.path());
  EXPECT_EQ(InteractionLog::Open(directory.path()).status().code(), absl::StatusCode::kUnavailable);
}

TEST(InteractionLog, ACheckpointHasWhatWasAcknowledgedAndNoMore) {
  const TempDir directory;
  const auto log = OpenLog(directory.File("log"));
  ASSERT_TRUE(log->Append({Event("ann", "a", "e1"), Event("bob", "b")}).ok());
  ASSERT_TRUE(log->Checkpoint(directory.File("checkpoint")).ok());
  ASSERT_TRUE(log->Append({Event("ann", "c")}).ok());
  const auto copy = OpenLog(directory.File("checkpoint"));
  EXPECT_THAT(ItemsOf(*copy, "ann"), ElementsAre("a"));
  EXPECT_EQ(copy->size(), 2);
  EXPECT_EQ(copy->last_sequence(), 2u);
  EXPECT_EQ(copy->Append({Event("ann", "a", "e1")})->duplicates, 1) << "event ids are known";
  EXPECT_THAT(ItemsOf(*log, "ann"), ElementsAre("a", "c"));
}

}  // namespace
}  // namespace ridgeline
