#include "core/interactions/adjacency_parser.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using ::testing::IsEmpty;

TEST(AdjacencyParser, YieldsOneInteractionForEachItem) {
  AdjacencyParser parser(absl::FromUnixSeconds(9));
  std::vector<InteractionView> interactions;
  ASSERT_TRUE(parser.Parse(" 7 10\t11  12 ", &interactions).ok());
  ASSERT_EQ(interactions.size(), 3u);
  for (const InteractionView& interaction : interactions) {
    EXPECT_EQ(interaction.user_id, "7");
    EXPECT_EQ(interaction.value, 1.0f);
    EXPECT_EQ(interaction.time, absl::FromUnixSeconds(9));
  }
  EXPECT_EQ(interactions[0].item_id, "10");
  EXPECT_EQ(interactions[1].item_id, "11");
  EXPECT_EQ(interactions[2].item_id, "12");
}

TEST(AdjacencyParser, AUserWithoutItemsYieldsNothing) {
  AdjacencyParser parser(absl::UnixEpoch());
  std::vector<InteractionView> interactions = {InteractionView()};
  EXPECT_TRUE(parser.Parse("7", &interactions).ok());
  EXPECT_THAT(interactions, IsEmpty());
  EXPECT_TRUE(parser.Parse("   ", &interactions).ok());
  EXPECT_THAT(interactions, IsEmpty());
}

}  // namespace
}  // namespace ridgeline
