#include "core/lab/tune_command.h"

#include <filesystem>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/lab/lab_run.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

class TuneCommandTest : public testing::Test {
 protected:
  TuneCommandTest() {
    EXPECT_EQ(RunLabWith(
                  {"generate", "--users", "80", "--items", "40", "--interactions", "1500", "--output", data_})
                  .exit_code,
              kExitOk);
  }

  LabRun Tune(const std::vector<std::string>& arguments) const {
    return RunLabWith(Joined({"tune", "--train", data_, "--threads", "2"}, arguments));
  }

  const TempDir directory_;
  const std::string data_ = directory_.File("data.csv");
  const std::vector<std::string> small_ = {"--feedback", "implicit", "--factor-choices", "4,8",
                                           "--trials",   "6",        "--iterations",     "6",
                                           "--factors",  "4"};
};

TEST_F(TuneCommandTest, FindsNothingWorseThanWhereItStarts) {
  const LabRun run = Tune(Joined(small_, {"--json"}));
  ASSERT_EQ(run.exit_code, kExitOk) << run.err;
  const auto json = run.Json();
  ASSERT_EQ(json["trials"].size(), 6u);
  const auto final_score = [&](size_t trial) { return json["trials"][trial]["rungs"].back()["ndcg@20"]; };
  const size_t best = json["best"];
  EXPECT_GE(final_score(best), final_score(0));
  EXPECT_EQ(json["trials"][best]["rungs"].back()["iterations"], 6);
  EXPECT_EQ(json["trials"][0]["factors"], 4);
}

TEST_F(TuneCommandTest, RepeatsFromItsSeed) {
  const LabRun first = Tune(Joined(small_, {"--json"})), second = Tune(Joined(small_, {"--json"}));
  EXPECT_EQ(first.out, second.out);
  EXPECT_NE(first.out, Tune(Joined(small_, {"--json", "--seed", "2"})).out);
}

TEST_F(TuneCommandTest, WritesConfigurationAndPlot) {
  const std::string toml = directory_.File("r.toml"), svg = directory_.File("t.svg");
  const LabRun run = Tune(Joined(small_, {"--output", toml, "--plot", svg}));
  ASSERT_EQ(run.exit_code, kExitOk) << run.err;
  EXPECT_THAT(run.out, HasSubstr("best"));
  EXPECT_THAT(ReadFile(toml).value(), HasSubstr("iterations = 6\n"));
  EXPECT_THAT(ReadFile(svg).value(), testing::StartsWith("<svg"));
}

TEST_F(TuneCommandTest, TunesRatingsByTheirError) {
  const LabRun run = Tune({"--feedback", "explicit", "--trials", "4", "--iterations", "4", "--factor-choices",
                           "4", "--factors", "4", "--json", "--split", "random:0.2"});
  ASSERT_EQ(run.exit_code, kExitOk) << run.err;
  EXPECT_EQ(run.Json()["metric"], "rmse");
}

TEST_F(TuneCommandTest, BadFlagsAreRefusedBeforeAnyWork) {
  const auto expect_usage = [&](const std::vector<std::string>& arguments, const std::string& reason) {
    const LabRun run = Tune(Joined({"--feedback", "implicit"}, arguments));
    EXPECT_EQ(run.exit_code, kExitUsage) << reason;
    EXPECT_THAT(run.err, HasSubstr(reason));
  };
  expect_usage({"--trials", "0"}, "--trials: must be between");
  expect_usage({"--eta", "1"}, "--eta: must be at least 2");
  expect_usage({"--min-iterations", "0"}, "--min-iterations: must be at least 1");
  expect_usage({"--min-iterations", "17"}, "max-iterations: must be at least");
  expect_usage({"--factor-choices", "0"}, "--factor-choices:");
  expect_usage({"--regularization-range", "1:0.1"}, "--regularization-range:");
  expect_usage({"--unobserved-weight-range", "0:1"}, "--unobserved-weight-range:");
  expect_usage({"--metric", "rmse"}, "--metric: rmse is of ratings");
  expect_usage({"--metric", "beauty"}, "--metric");
  expect_usage({"--metric", "ndcg@5,ndcg@10"}, "--metric: must be one");
  expect_usage({"--split", "none"}, "--split: none");
  expect_usage({"--algorithm", "bpr"}, "--algorithm: als is tuned");
  expect_usage({"--output", directory_.path()}, "--output:");
  expect_usage({"--plot", directory_.File("absent/t.svg")}, "--plot:");
}

TEST_F(TuneCommandTest, ARefusedRunLeavesAnEarlierConfigurationAlone) {
  const std::string toml = directory_.Write("r.toml", "factors = 3\n");
  EXPECT_EQ(Tune({"--feedback", "implicit", "--output", toml, "--split", "time:0.000001"}).exit_code,
            kExitFailure);
  EXPECT_EQ(ReadFile(toml).value(), "factors = 3\n");
}

}  // namespace
}  // namespace ridgeline
