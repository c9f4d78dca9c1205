#include "core/interactions/append_group.h"

#include "core/interactions/rocksdb_store.h"
#include "core/interactions/user_history.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

Interaction EventWithId(const std::string& user, const std::string& event_id) {
  Interaction interaction;
  interaction.user_id = user;
  interaction.item_id = "item";
  interaction.event_id = event_id;
  return interaction;
}

class AppendGroupTest : public testing::Test {
 protected:
  AppendGroupTest() : db_(OpenStore(directory_.path(), kLogFormat).value()) {}

  const TempDir directory_;
  const std::unique_ptr<rocksdb::DB> db_;
};

TEST_F(AppendGroupTest, GivesSequencesAcrossTheAppendsOfTheGroup) {
  AppendGroup group(db_.get(), {10, 4});
  const std::vector<Interaction> first = {EventWithId("a", ""), EventWithId("b", "")};
  const std::vector<Interaction> second = {EventWithId("a", "")};
  EXPECT_EQ(group.Add(first)->recorded, 2);
  EXPECT_EQ(group.Add(second)->recorded, 1);
  ASSERT_TRUE(group.Commit().ok());
  EXPECT_EQ(group.counters().last_sequence, 13u);
  EXPECT_EQ(group.counters().size, 7);
  UserHistory history(db_.get(), "a");
  history.Next();
  EXPECT_EQ(DecodeHistory(history.key(), history.value())->sequence, 13u);
  history.Next();
  EXPECT_FALSE(history.Valid());
}

TEST_F(AppendGroupTest, FindsDuplicatesInTheGroupAndInTheLog) {
  const std::vector<Interaction> events = {EventWithId("a", "1"), EventWithId("a", "2"),
                                           EventWithId("b", "1")};
  AppendGroup first(db_.get(), {});
  const AppendResult some = first.Add(events).value();
  EXPECT_EQ(some.duplicates, 1);
  EXPECT_EQ(some.duplicate_indices, std::vector<size_t>{2});
  EXPECT_EQ(first.Add(events)->duplicates, 3);
  ASSERT_TRUE(first.Commit().ok());
  AppendGroup second(db_.get(), first.counters());
  const AppendResult again = second.Add(events).value();
  EXPECT_EQ(again.duplicates, 3);
  EXPECT_EQ(again.recorded, 0);
  EXPECT_EQ(again.duplicate_indices, (std::vector<size_t>{0, 1, 2}));
  EXPECT_TRUE(second.Commit().ok());
}

TEST_F(AppendGroupTest, KeepsTheNewestStampOfAllThatIsAddedAndNoneWhereThereIsNone) {
  const std::vector<Interaction> events = {EventWithId("a", "")};
  std::string stored;
  AppendGroup unstamped(db_.get(), {});
  ASSERT_TRUE(unstamped.Add(events).ok() && unstamped.Commit().ok());
  EXPECT_TRUE(db_->Get(rocksdb::ReadOptions(), kStampKey, &stored).IsNotFound());
  const absl::Time newest = absl::FromUnixSeconds(200);
  AppendGroup stamped(db_.get(), unstamped.counters(), absl::FromUnixSeconds(100));
  for (const absl::Time stamp : {absl::FromUnixSeconds(150), newest, absl::FromUnixSeconds(180)}) {
    ASSERT_TRUE(stamped.Add(events, stamp).ok());
  }
  ASSERT_TRUE(stamped.Add(events).ok() && stamped.Commit().ok());
  EXPECT_EQ(stamped.newest_stamp(), newest);
  ASSERT_TRUE(db_->Get(rocksdb::ReadOptions(), kStampKey, &stored).ok());
  EXPECT_EQ(DecodeStamp(stored).value(), newest);
}

TEST_F(AppendGroupTest, WritesNothingBeforeCommit) {
  const std::vector<Interaction> events = {EventWithId("a", "1")};
  AppendGroup abandoned(db_.get(), {});
  ASSERT_TRUE(abandoned.Add(events).ok());
  EXPECT_FALSE(UserHistory(db_.get(), "a").Valid());
  AppendGroup next(db_.get(), {});
  EXPECT_EQ(next.Add(events)->duplicates, 0);
}

}  // namespace
}  // namespace ridgeline
