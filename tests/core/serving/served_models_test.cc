#include "core/serving/served_models.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/core/serving/serving_world.h"

namespace ridgeline {
namespace {

ServedModels Split(double share) {
  ServedModels served;
  served.live = MakeSnapshot("v000001");
  served.candidate = MakeCandidate(MakeSnapshot("v000002"), share);
  return served;
}

TEST(ServedModels, AreNoneBeforeTheFirst) {
  EXPECT_EQ(ServedModels().For(UserSubject{"u0"}), nullptr);
}

TEST(ServedModels, AreTheLiveOneForAllWithoutAnExperiment) {
  ServedModels served;
  served.live = MakeSnapshot("v000001");
  for (int user = 0; user < 20; ++user) {
    EXPECT_EQ(served.For(UserSubject{absl::StrCat("u", user)})->version(), "v000001");
  }
}

TEST(ServedModels, SplitUsersAsTheExperimentDoes) {
  const ServedModels served = Split(0.5);
  for (int user = 0; user < 100; ++user) {
    const std::string id = absl::StrCat("u", user);
    const bool in_candidate = ArmOf(served.candidate->experiment, id) == Arm::kCandidate;
    EXPECT_EQ(served.For(UserSubject{id})->version(), in_candidate ? "v000002" : "v000001");
  }
}

TEST(ServedModels, GoOnWithTheModelOfThePageBefore) {
  const ServedModels served = Split(1.0);
  RecommendQuery query = ServingWorld::QueryOf("u0");
  EXPECT_EQ(served.ArmOf(query), Arm::kCandidate);
  PageToken token;
  token.model_version = "v000001";
  query.page_token = EncodePageToken(token);
  EXPECT_EQ(served.ArmOf(query), Arm::kLive);
  token.model_version = "v000009";
  query.page_token = EncodePageToken(token);
  EXPECT_EQ(served.ArmOf(query), Arm::kCandidate) << "of a model that is served no more";
  query.page_token = "garbage";
  EXPECT_EQ(served.ArmOf(query), Arm::kCandidate);
}

TEST(ServedModels, AreTheLiveOneForWhoHasNoId) {
  const ServedModels served = Split(1.0);
  EXPECT_EQ(served.For(UserSubject{"u0"})->version(), "v000002");
  EXPECT_EQ(served.For(HistorySubject{{{"i1", 1.0f}}})->version(), "v000001");
  EXPECT_EQ(served.For(VectorSubject{})->version(), "v000001");
}

}  // namespace
}  // namespace ridgeline
