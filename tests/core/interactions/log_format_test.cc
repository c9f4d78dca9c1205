#include "core/interactions/log_format.h"

#include <map>

#include "absl/strings/escaping.h"
#include "core/base/random.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

Interaction FullInteraction() {
  Interaction interaction;
  interaction.user_id = "ann";
  interaction.item_id = "x";
  interaction.value = 1;
  interaction.time = absl::FromUnixSeconds(1);
  interaction.event_id = "e1";
  interaction.event_type = "click";
  interaction.recommendation_id = "r";
  return interaction;
}

TEST(LogFormat, WritesTheBytesOfVersionOne) {
  EXPECT_EQ(absl::BytesToHexString(HistoryKey("ann", 1)), "680003616e6e0000000000000001");
  EXPECT_EQ(absl::BytesToHexString(EventKey("e1")), "656531");
  EXPECT_EQ(absl::BytesToHexString(EncodeSequence(258)), "0000000000000102");
  EXPECT_EQ(absl::BytesToHexString(EncodeCounters({258, 3})), "02010000000000000300000000000000");
  EXPECT_EQ(absl::BytesToHexString(EncodeInteraction(FullInteraction())),
            "0000803f"
            "40420f0000000000"
            "0100000078"
            "020000006531"
            "05000000636c69636b"
            "0100000072");
}

TEST(LogFormat, ReadsBackWhatItWrote) {
  const Interaction written = FullInteraction();
  const LoggedInteraction read = DecodeHistory(HistoryKey("ann", 77), EncodeInteraction(written)).value();
  EXPECT_EQ(read.sequence, 77u);
  EXPECT_EQ(read.interaction.user_id, written.user_id);
  EXPECT_EQ(read.interaction.item_id, written.item_id);
  EXPECT_EQ(read.interaction.value, written.value);
  EXPECT_EQ(read.interaction.time, written.time);
  EXPECT_EQ(read.interaction.event_id, written.event_id);
  EXPECT_EQ(read.interaction.event_type, written.event_type);
  EXPECT_EQ(read.interaction.recommendation_id, written.recommendation_id);
  EXPECT_EQ(DecodeCounters(EncodeCounters({5, 4}))->size, 4);
}

TEST(LogFormat, TimesBeforeTheEpochSurvive) {
  Interaction early = FullInteraction();
  early.time = absl::FromUnixMicros(-1234567);
  EXPECT_EQ(DecodeHistory(HistoryKey("u", 1), EncodeInteraction(early))->interaction.time, early.time);
}

TEST(LogFormat, KeysOfAUserAreTogetherAndInOrder) {
  // "a" begins "ab" and, with a zero byte, could be mistaken for it without the length.
  std::map<std::string, std::pair<std::string, uint64_t>> keys;
  for (const char* user : {"a", "ab", "b", "aa", "\x01"}) {
    for (const uint64_t sequence :
         {uint64_t{1}, uint64_t{255}, uint64_t{256}, uint64_t{1} << 40, UINT64_MAX}) {
      keys[HistoryKey(user, sequence)] = {user, sequence};
    }
  }
  ASSERT_EQ(keys.size(), 25u);
  std::pair<std::string, uint64_t> last;
  int users = 0;
  for (const auto& [key, entry] : keys) {
    if (entry.first != last.first) {
      ++users;
    } else {
      EXPECT_LT(last.second, entry.second);
    }
    last = entry;
  }
  EXPECT_EQ(users, 5);
}

TEST(LogFormat, EveryTruncationIsDataLoss) {
  const std::string key = HistoryKey("ann", 1);
  const std::string value = EncodeInteraction(FullInteraction());
  for (size_t size = 0; size < key.size(); ++size) {
    EXPECT_EQ(DecodeHistory(key.substr(0, size), value).status().code(), absl::StatusCode::kDataLoss);
  }
  for (size_t size = 0; size < value.size(); ++size) {
    EXPECT_EQ(DecodeHistory(key, value.substr(0, size)).status().code(), absl::StatusCode::kDataLoss);
  }
  EXPECT_EQ(DecodeHistory(key, value + "x").status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(DecodeHistory("e1", value).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(DecodeCounters("short").status().code(), absl::StatusCode::kDataLoss);
}

TEST(LogFormat, RandomBytesAreRefusedNotTrusted) {
  Random random(3);
  for (int n = 0; n < 10000; ++n) {
    std::string bytes;
    for (uint64_t i = random.Below(40); i > 0; --i) bytes += static_cast<char>(random.Below(256));
    DecodeHistory(HistoryKey("u", 1), bytes).IgnoreError();
    DecodeHistory(bytes, EncodeInteraction(FullInteraction())).IgnoreError();
  }
}

}  // namespace
}  // namespace ridgeline
