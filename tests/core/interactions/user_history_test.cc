#include "core/interactions/user_history.h"

#include <string>
#include <vector>

#include "core/interactions/log_format.h"
#include "core/interactions/rocksdb_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class UserHistoryTest : public testing::Test {
 protected:
  UserHistoryTest() : db_(OpenStore(directory_.path(), kLogFormat).value()) {}

  // A record's value that tells whose it is.
  static std::string ValueOf(const std::string& user) {
    Interaction interaction;
    interaction.item_id = user;
    return EncodeInteraction(interaction);
  }

  void Put(const std::string& user, uint64_t sequence) {
    ASSERT_TRUE(db_->Put(rocksdb::WriteOptions(), HistoryKey(user, sequence), ValueOf(user)).ok());
  }

  std::vector<uint64_t> Sequences(const std::string& user, uint64_t after = 0) {
    std::vector<uint64_t> sequences;
    for (UserHistory history(db_.get(), user, after); history.Valid(); history.Next()) {
      EXPECT_EQ(history.value(), ValueOf(user));
      sequences.push_back(DecodeHistory(history.key(), history.value())->sequence);
    }
    return sequences;
  }

  const TempDir directory_;
  const std::unique_ptr<rocksdb::DB> db_;
};

TEST_F(UserHistoryTest, CoversOneUserOnlyInRecordingOrder) {
  for (uint64_t sequence = 1; sequence <= 300; ++sequence) {
    Put(sequence % 3 == 0 ? "a" : sequence % 3 == 1 ? "ab" : "b", sequence);
  }
  EXPECT_EQ(Sequences("a").size(), 100u);
  EXPECT_EQ(Sequences("ab").front(), 1u);
  EXPECT_THAT(Sequences("b", 293), ElementsAre(296, 299));
  EXPECT_THAT(Sequences("nobody"), IsEmpty());
}

TEST_F(UserHistoryTest, BeginsBehindTheGivenSequence) {
  Put("u", 1);
  Put("u", UINT64_MAX - 1);
  EXPECT_THAT(Sequences("u", 1), ElementsAre(UINT64_MAX - 1));
  EXPECT_THAT(Sequences("u", UINT64_MAX - 1), IsEmpty());
  EXPECT_THAT(Sequences("u", UINT64_MAX), IsEmpty());
}

TEST_F(UserHistoryTest, EndsWithTheLast) {
  Put("t", 9);
  Put("u", 1);
  Put("u", 5);
  Put("v", 7);
  ASSERT_FALSE(Sequences("u").empty());
  EXPECT_EQ(Sequences("u").back(), 5u);
}

TEST_F(UserHistoryTest, AnIdTooLongForTheLogHasNone) {
  Put("u", 1);
  EXPECT_THAT(Sequences(std::string(kMaxIdBytes + 1, 'u')), IsEmpty());
  EXPECT_THAT(Sequences(std::string(65537, 'u')), IsEmpty());
}

}  // namespace
}  // namespace ridgeline
