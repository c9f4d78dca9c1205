#include "core/model/experiment.h"

#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::StartsWith;

constexpr int kUsers = 20'000;

Experiment SomeExperiment(double share = 0.25) {
  return {"july", "v000003", "v000004", share, absl::FromUnixMicros(1'234'567'890'123)};
}

bool IsInCandidate(const Experiment& experiment, int user) {
  return ArmOf(experiment, absl::StrCat("user", user)) == Arm::kCandidate;
}

TEST(ArmOf, GivesTheCandidateItsShareOfTheUsers) {
  for (const double share : {0.01, 0.1, 0.5, 1.0}) {
    int candidates = 0;
    for (int user = 0; user < kUsers; ++user) candidates += IsInCandidate(SomeExperiment(share), user);
    EXPECT_NEAR(static_cast<double>(candidates) / kUsers, share, 0.012);
  }
}

TEST(ArmOf, IsTheSameForEverEverywhere) {
  const Experiment experiment = SomeExperiment(0.5);
  std::string arms;
  for (int user = 0; user < 24; ++user) arms += IsInCandidate(experiment, user) ? 'c' : 'l';
  EXPECT_EQ(arms, "clclclcllllllclcclllccll");
}

TEST(ArmOf, KeepsTheCandidatesUsersAsTheShareGrows) {
  for (int user = 0; user < kUsers; ++user) {
    if (IsInCandidate(SomeExperiment(0.1), user)) {
      EXPECT_TRUE(IsInCandidate(SomeExperiment(0.2), user));
    }
  }
}

TEST(ArmOf, SplitsAnewUnderAnotherId) {
  Experiment other = SomeExperiment(0.5);
  other.id = "august";
  int same = 0;
  for (int user = 0; user < kUsers; ++user) {
    same += IsInCandidate(other, user) == IsInCandidate(SomeExperiment(0.5), user);
  }
  EXPECT_NEAR(static_cast<double>(same) / kUsers, 0.5, 0.02);
}

TEST(ValidateExperiment, NamesWhatIsWrong) {
  EXPECT_TRUE(ValidateExperiment(SomeExperiment()).ok());
  for (const double share : {0.0, -0.1, 1.01, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THAT(std::string(ValidateExperiment(SomeExperiment(share)).message()), StartsWith("share:"));
  }
  for (const std::string& id : {std::string(), std::string(65, 'a'), std::string("a/b"), std::string("ä")}) {
    Experiment experiment = SomeExperiment();
    experiment.id = id;
    EXPECT_EQ(ValidateExperiment(experiment).code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(ValidateExperiment(experiment).message()), StartsWith("id:"));
  }
  Experiment same = SomeExperiment();
  same.candidate_version = same.live_version;
  EXPECT_EQ(ValidateExperiment(same).code(), absl::StatusCode::kFailedPrecondition);
}

TEST(ParseExperiment, ReadsWhatWasEncoded) {
  const Experiment experiment = SomeExperiment(0.1);
  const Experiment parsed = ParseExperiment(EncodeExperiment(experiment)).value();
  EXPECT_EQ(parsed.id, experiment.id);
  EXPECT_EQ(parsed.live_version, experiment.live_version);
  EXPECT_EQ(parsed.candidate_version, experiment.candidate_version);
  EXPECT_EQ(parsed.share, experiment.share);
  EXPECT_EQ(parsed.start_time, experiment.start_time);
}

TEST(ParseExperiment, RefusesEveryOtherText) {
  const std::string whole = EncodeExperiment(SomeExperiment());
  for (const std::string& text :
       {std::string(), std::string("{}"), whole.substr(0, whole.size() / 2), std::string(5'000, ' '),
        EncodeExperiment(SomeExperiment(2.0)),
        std::string(R"({"format": "ridgeline-model", "id": "a", "live_version": "v000001",
                        "candidate_version": "v000002", "share": 0.5, "start_time_micros": 0})")}) {
    EXPECT_EQ(ParseExperiment(text).status().code(), absl::StatusCode::kDataLoss) << text;
  }
}

}  // namespace
}  // namespace ridgeline
