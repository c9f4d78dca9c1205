#include "client/cli/bench/rpc_mix.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;

absl::StatusOr<RpcMix> ParseMix(absl::string_view text) {
  return RpcMix::Parse(text, {"recommend", "record", "similar"});
}

std::string Error(absl::string_view text) {
  return std::string(ParseMix(text).status().message());
}

std::vector<int> Counts(const RpcMix& mix, uint64_t seed, int draws) {
  BenchRandom random(seed);
  std::vector<int> counts(mix.names().size());
  for (int i = 0; i < draws; ++i) ++counts.at(mix.Draw(random));
  return counts;
}

TEST(RpcMix, ReadsNamesWithWeights) {
  EXPECT_THAT(ParseMix("recommend")->names(), ElementsAre("recommend"));
  EXPECT_THAT(ParseMix("similar=0.5, recommend")->names(), ElementsAre("similar", "recommend"));
}

TEST(RpcMix, DrawsInProportionToTheWeights) {
  const std::vector<int> counts = Counts(*ParseMix("recommend=90,record=5,similar=5"), /*seed=*/1, 100'000);
  EXPECT_NEAR(counts[0], 90'000, 500);
  EXPECT_NEAR(counts[1], 5'000, 350);
  EXPECT_NEAR(counts[2], 5'000, 350);
}

TEST(RpcMix, RepeatsFromItsSeed) {
  const RpcMix mix = *ParseMix("recommend=3,record=1");
  EXPECT_EQ(Counts(mix, /*seed=*/7, 1000), Counts(mix, /*seed=*/7, 1000));
  EXPECT_NE(Counts(mix, /*seed=*/7, 1000), Counts(mix, /*seed=*/8, 1000));
}

TEST(RpcMix, SaysWhatIsWrong) {
  EXPECT_EQ(Error("recomend=1"), "there is no 'recomend'; there are recommend, record, similar");
  EXPECT_EQ(Error(""), "there is no ''; there are recommend, record, similar");
  EXPECT_EQ(Error("record=1,record=2"), "record is there twice");
  EXPECT_EQ(Error("record=0"), "the weight of record must be a number above 0, got '0'");
  EXPECT_EQ(Error("record=inf"), "the weight of record must be a number above 0, got 'inf'");
  EXPECT_EQ(Error("record=nan"), "the weight of record must be a number above 0, got 'nan'");
  EXPECT_EQ(Error("record="), "the weight of record must be a number above 0, got ''");
}

}  // namespace
}  // namespace ridgeline
