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

TEST(LogFormat, TheStampIsReadBackToTheMicrosecondAndOnlyWhole) {
  const absl::Time stamp = absl::FromUnixMicros(1'700'000'000'123'456);
  const std::string bytes = EncodeTime(stamp + absl::Nanoseconds(789));
  EXPECT_EQ(DecodeStamp(bytes).value(), stamp);
  EXPECT_EQ(DecodeStamp(bytes.substr(1)).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(DecodeStamp(bytes + "x").status().code(), absl::StatusCode::kDataLoss);
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

// What damage makes of `bytes`, or bytes of no origin.
std::string Damaged(std::string bytes, Random* random) {
  if (random->Below(2) == 0) bytes.resize(random->Below(40));
  for (uint64_t n = 1 + random->Below(3); n > 0 && !bytes.empty(); --n) {
    bytes[random->Below(bytes.size())] = static_cast<char>(random->Below(256));
  }
  return bytes;
}

TEST(LogFormat, DamagedBytesAreRefusedOrMeanWhatTheySay) {
  Random random(3);
  const std::string key = HistoryKey("ann", 1);
  const std::string value = EncodeInteraction(FullInteraction());
  int read = 0;
  int refused = 0;
  for (int n = 0; n < 10000; ++n) {
    const bool damages_key = n % 2 == 0;
    const std::string stored_key = damages_key ? Damaged(key, &random) : key;
    const std::string stored_value = damages_key ? value : Damaged(value, &random);
    const absl::StatusOr<LoggedInteraction> decoded = DecodeHistory(stored_key, stored_value);
    if (decoded.ok()) {
      ++read;
      EXPECT_EQ(HistoryKey(decoded->interaction.user_id, decoded->sequence), stored_key);
      EXPECT_EQ(EncodeInteraction(decoded->interaction), stored_value);
    } else {
      ++refused;
      EXPECT_EQ(decoded.status().code(), absl::StatusCode::kDataLoss);
    }
  }
  EXPECT_GT(read, 1000);
  EXPECT_GT(refused, 1000);
}

constexpr uint64_t kHashes[] = {0, 1, 255, 256, uint64_t{1} << 63, UINT64_MAX};

TEST(LogFormat, DeparturesAreReadBackAndSortByHashBetweenTheirBounds) {
  EXPECT_EQ(absl::BytesToHexString(DepartureKey(258)), "640000000000000102");
  std::string last = kDepartureBegin;
  for (const uint64_t hash : kHashes) {
    const std::string key = DepartureKey(hash);
    EXPECT_EQ(DecodeDeparture(key).value(), hash);
    EXPECT_LT(last, key);
    EXPECT_LT(key, kDepartureEnd);
    last = key;
  }
}

TEST(LogFormat, NoOtherKeyIsADeparture) {
  const std::string departure = DepartureKey(UINT64_MAX);
  for (size_t size = 0; size < departure.size(); ++size) {
    EXPECT_EQ(DecodeDeparture(departure.substr(0, size)).status().code(), absl::StatusCode::kDataLoss);
  }
  std::string of_another_kind = departure;
  of_another_kind[0] = kHistoryBegin[0];
  for (const std::string& key : {departure + "x", of_another_kind}) {
    EXPECT_EQ(DecodeDeparture(key).status().code(), absl::StatusCode::kDataLoss)
        << absl::BytesToHexString(key);
  }
  for (const std::string& key :
       {HistoryKey("", 1), EventKey(""), std::string(kCountersKey), std::string(kFormatKey)}) {
    EXPECT_FALSE(key >= kDepartureBegin && key < kDepartureEnd) << key;
  }
}

}  // namespace
}  // namespace ridgeline
