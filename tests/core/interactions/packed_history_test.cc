#include "core/interactions/packed_history.h"

#include <limits>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

LoggedInteraction Logged(uint64_t sequence, const std::string& item, float value, absl::Time time,
                         const std::string& event_type = "") {
  LoggedInteraction logged;
  logged.sequence = sequence;
  logged.interaction.user_id = "u";
  logged.interaction.item_id = item;
  logged.interaction.value = value;
  logged.interaction.time = time;
  logged.interaction.event_type = event_type;
  return logged;
}

std::vector<Interaction> All(const PackedHistory& history) {
  std::vector<Interaction> all;
  history.ForEach([&](const InteractionView& interaction) { all.push_back(ToInteraction(interaction)); });
  return all;
}

TEST(PackedHistory, IsEmptyAtFirst) {
  const PackedHistory history;
  EXPECT_TRUE(history.empty());
  EXPECT_EQ(history.first_sequence(), 0u);
  EXPECT_EQ(history.last_sequence(), 0u);
  EXPECT_TRUE(All(history).empty());
}

TEST(PackedHistory, GivesBackWhatModelsWeighInTheOrderOfRecording) {
  const std::vector<LoggedInteraction> logged = {
      Logged(3, "i1", 2.5f, absl::FromUnixMicros(1'700'000'000'123'456), "click"),
      Logged(7, std::string(kMaxIdBytes, 'x'), -std::numeric_limits<float>::max(), absl::FromUnixMicros(-1),
             std::string(kMaxIdBytes, 't')),
      Logged(8, "i1", std::numeric_limits<float>::denorm_min(), absl::UnixEpoch()),
  };
  PackedHistory history;
  for (const LoggedInteraction& each : logged) history.Append(each);
  EXPECT_EQ(history.first_sequence(), 3u);
  EXPECT_EQ(history.last_sequence(), 8u);
  EXPECT_EQ(history.size(), 3u);
  const std::vector<Interaction> all = All(history);
  ASSERT_EQ(all.size(), logged.size());
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].item_id, logged[i].interaction.item_id) << i;
    EXPECT_EQ(all[i].value, logged[i].interaction.value) << i;
    EXPECT_EQ(all[i].time, logged[i].interaction.time) << i;
    EXPECT_EQ(all[i].event_type, logged[i].interaction.event_type) << i;
  }
}

TEST(PackedHistory, Takes16BytesAnInteractionBesideItsTexts) {
  PackedHistory history;
  for (uint64_t i = 1; i <= 100; ++i) history.Append(Logged(i, "item7", 1.0f, absl::UnixEpoch(), "buy"));
  EXPECT_EQ(history.bytes(), 100 * (16 + 5 + 3));
}

}  // namespace
}  // namespace ridgeline
