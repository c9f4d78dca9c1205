#include "core/lab/evaluate_command.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/lab/lab_run.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

// The shared data sets are no part of the project; a test that wants one is skipped without it.
std::string MovieLensRatings() {
  return absl::StrCat(RIDGELINE_SOURCE_DIR, "/../shared/data/ml-latest-small/ratings.csv");
}

class EvaluateCommandTest : public testing::Test {
 protected:
  // Runs evaluate with `arguments` on a generated data set, JSON printed.
  LabRun Evaluate(const std::vector<std::string>& arguments) {
    return RunLabWith(Joined({"evaluate", "--json", "--threads", "2"}, arguments));
  }

  std::string Generate(const std::string& name, const std::vector<std::string>& arguments) {
    const std::string path = directory_.File(name);
    EXPECT_EQ(RunLabWith(Joined({"generate", "--output", path}, arguments)).exit_code, kExitOk);
    return path;
  }

  void ExpectUsageError(const std::vector<std::string>& arguments, const std::string& flag) {
    const LabRun run = Evaluate(arguments);
    EXPECT_EQ(run.exit_code, kExitUsage) << flag;
    EXPECT_THAT(run.err, HasSubstr(flag));
    EXPECT_EQ(run.out, "");
  }

  const TempDir directory_;
};

TEST_F(EvaluateCommandTest, TheWholeCommandLineIsUnderstood) {
  const std::string data = Generate(
      "e.csv", {"--feedback", "explicit", "--users", "200", "--items", "80", "--interactions", "4000"});
  const LabRun run = Evaluate({"--train",
                               data,
                               "--split",
                               "random:0.1",
                               "--feedback",
                               "explicit",
                               "--algorithm",
                               "als",
                               "--factors",
                               "8",
                               "--regularization",
                               "0.5",
                               "--bias-regularization",
                               "0.3",
                               "--regularization-scaling",
                               "frequency",
                               "--frequency-exponent",
                               "0.5",
                               "--unobserved-weight",
                               "0.1",
                               "--iterations",
                               "5",
                               "--seed",
                               "3",
                               "--metrics",
                               "rmse,recall@20,ndcg@20",
                               "--format",
                               "auto"});
  ASSERT_EQ(run.exit_code, kExitOk) << run.err;
  const nlohmann::json json = run.Json();
  for (const char* key :
       {"rmse", "recall@20", "ndcg@20", "train_seconds", "peak_rss_bytes", "users", "items"}) {
    EXPECT_TRUE(json[key].is_number()) << key;
  }
  EXPECT_EQ(json["epoch_seconds"].size(), 5u);
  EXPECT_EQ(json["objective"].size(), 5u);
  EXPECT_EQ(json["users"], 200);
  EXPECT_EQ(json["interactions"].get<int>() + json["test_interactions"].get<int>(), 4000);
  EXPECT_GT(json["peak_rss_bytes"], 1 << 20);
  EXPECT_TRUE(json["baselines"]["bias"]["rmse"].is_number());
  EXPECT_TRUE(json["baselines"]["popularity"]["ndcg@20"].is_number());
}

TEST_F(EvaluateCommandTest, AlsBeatsBiasesOnPlantedRatings) {
  const std::string data = Generate(
      "e.csv", {"--feedback", "explicit", "--users", "600", "--items", "200", "--interactions", "20000"});
  const auto json =
      Evaluate({"--train", data, "--split", "random:0.1", "--feedback", "explicit", "--metrics", "rmse"})
          .Json();
  EXPECT_LT(json["rmse"].get<double>(), json["baselines"]["bias"]["rmse"].get<double>() - 0.03);
}

TEST_F(EvaluateCommandTest, AlsBeatsPopularityOnPlantedChoices) {
  const std::string data = Generate(
      "i.txt", {"--format", "adjacency", "--users", "800", "--items", "300", "--interactions", "16000"});
  const auto json = Evaluate({"--train", data, "--format", "adjacency", "--split", "random-per-user:0.2",
                              "--feedback", "implicit", "--metrics", "ndcg@20"})
                        .Json();
  EXPECT_GT(json["ndcg@20"].get<double>(), 1.15 * json["baselines"]["popularity"]["ndcg@20"].get<double>());
}

TEST_F(EvaluateCommandTest, TrainAndTestFilesShareTheirIds) {
  // Popularity answers b, then c; a is known. The unknown item z counts and cannot be hit; the unknown user
  // u9 is answered with popular items: a, b, c.
  WriteText(directory_.File("train.txt"), "u1 a\nu2 a b\nu3 a b c\n");
  WriteText(directory_.File("test.txt"), "u1 b z\nu9 a\n");
  const LabRun run = Evaluate({"--train", directory_.File("train.txt"), "--test", directory_.File("test.txt"),
                               "--format", "adjacency", "--feedback", "implicit", "--algorithm", "popularity",
                               "--metrics", "recall@1,recall@20"});
  ASSERT_EQ(run.exit_code, kExitOk) << run.err;
  EXPECT_DOUBLE_EQ(run.Json()["recall@1"], (0.5 + 1.0) / 2);
  EXPECT_EQ(run.Json()["users"], 3);
  EXPECT_EQ(run.Json()["items"], 3);
  EXPECT_EQ(run.Json()["interactions"], 6);
  EXPECT_EQ(run.Json()["test_users"], 2);
}

TEST_F(EvaluateCommandTest, TheRecallDenominatorCanBeCappedByTheCutOff) {
  WriteText(directory_.File("train.txt"), "u1 a\nu2 a b\nu3 a b c\n");
  WriteText(directory_.File("test.txt"), "u1 b c\n");
  const std::vector<std::string> arguments = {"--train",     directory_.File("train.txt"),
                                              "--test",      directory_.File("test.txt"),
                                              "--format",    "adjacency",
                                              "--feedback",  "implicit",
                                              "--algorithm", "popularity",
                                              "--metrics",   "recall@1"};
  EXPECT_DOUBLE_EQ(Evaluate(arguments).Json()["recall@1"], 0.5);
  EXPECT_DOUBLE_EQ(Evaluate(Joined(arguments, {"--recall-denominator", "min"})).Json()["recall@1"], 1.0);
}

TEST_F(EvaluateCommandTest, EverySplitAndAlgorithmRuns) {
  const std::string data = Generate(
      "e.csv", {"--feedback", "explicit", "--users", "100", "--items", "50", "--interactions", "2000"});
  for (const char* split :
       {"random:0.2", "random-per-user:0.2", "last", "time:0.1", "users:0.2", "users:0.2:0.5"}) {
    for (const char* algorithm : {"als", "popularity", "bias"}) {
      for (const char* feedback : {"explicit", "implicit"}) {
        if (std::string(algorithm) == "bias" && std::string(feedback) == "implicit") continue;
        const LabRun run = Evaluate({"--train", data, "--split", split, "--feedback", feedback, "--algorithm",
                                     algorithm, "--factors", "4", "--iterations", "2"});
        EXPECT_EQ(run.exit_code, kExitOk) << split << " " << algorithm << " " << feedback << ": " << run.err;
        EXPECT_TRUE(run.Json()["ndcg@20"].is_number());
      }
    }
  }
}

TEST_F(EvaluateCommandTest, TheSameSeedGivesTheSameFigures) {
  const std::string data = Generate("i.csv", {"--users", "100", "--items", "50", "--interactions", "2000"});
  const std::vector<std::string> arguments = {"--train",    data,       "--split",   "random:0.2",
                                              "--feedback", "implicit", "--factors", "4"};
  const auto first = RunLabWith(Joined({"evaluate", "--json", "--threads", "1"}, arguments)).Json();
  const auto second = RunLabWith(Joined({"evaluate", "--json", "--threads", "3"}, arguments)).Json();
  EXPECT_EQ(first["objective"], second["objective"]);
  EXPECT_EQ(first["ndcg@20"], second["ndcg@20"]);
  EXPECT_NE(Evaluate(Joined(arguments, {"--seed", "2"})).Json()["ndcg@20"], first["ndcg@20"]);
}

TEST_F(EvaluateCommandTest, BadFlagsAreRefusedBeforeAnyWork) {
  const std::vector<std::string> good = {"--train",    "/no/such/file", "--split",
                                         "random:0.1", "--feedback",    "explicit"};
  ExpectUsageError(Joined(good, {"--factors", "0"}), "--factors");
  ExpectUsageError(Joined(good, {"--factors", "many"}), "--factors");
  ExpectUsageError(Joined(good, {"--regularization", "0"}), "--regularization");
  ExpectUsageError(Joined(good, {"--regularization", "nan"}), "--regularization");
  ExpectUsageError(Joined(good, {"--bias-regularization", "-1"}), "--bias-regularization");
  ExpectUsageError(Joined(good, {"--metrics", "rmse,beauty@3"}), "--metrics");
  ExpectUsageError(Joined(good, {"--positive-threshold", "4"}), "--positive-threshold");
  ExpectUsageError(Joined(good, {"--recall-denominator", "max"}), "--recall-denominator");
  ExpectUsageError(Joined(good, {"--seed", "-1"}), "--seed");
  ExpectUsageError(Joined(good, {"--test", "also"}), "--test");
  ExpectUsageError({"--train", "x", "--feedback", "explicit"}, "--split");
  ExpectUsageError({"--train", "x", "--feedback", "explicit", "--split", "none"}, "--split");
  ExpectUsageError({"--train", "x", "--feedback", "explicit", "--split", "random:2"}, "--split");
}

TEST_F(EvaluateCommandTest, BadFilesFailWithTheirName) {
  const LabRun missing =
      Evaluate({"--train", "/no/such/file", "--split", "random:0.1", "--feedback", "explicit"});
  EXPECT_EQ(missing.exit_code, kExitFailure);
  EXPECT_THAT(missing.err, HasSubstr("/no/such/file"));
  WriteText(directory_.File("bad.csv"), "a,x,5\na,y,much\n");
  const LabRun bad =
      Evaluate({"--train", directory_.File("bad.csv"), "--split", "random:0.1", "--feedback", "explicit"});
  EXPECT_EQ(bad.exit_code, kExitFailure);
  EXPECT_THAT(bad.err, HasSubstr("bad.csv:2:"));
  WriteText(directory_.File("one.csv"), "a,x,5\n");
  const LabRun one =
      Evaluate({"--train", directory_.File("one.csv"), "--split", "last", "--feedback", "explicit"});
  EXPECT_EQ(one.exit_code, kExitFailure);
  EXPECT_THAT(one.err, HasSubstr("nothing to test"));
}

TEST_F(EvaluateCommandTest, MovieLensRatingsArePredictedBetterThanByBiases) {
  if (!std::filesystem::exists(MovieLensRatings())) GTEST_SKIP() << "there is no " << MovieLensRatings();
  const auto json = Evaluate({"--train", MovieLensRatings(), "--split", "random:0.1", "--feedback",
                              "explicit", "--metrics", "rmse"})
                        .Json();
  EXPECT_LE(json["rmse"].get<double>(), 0.87);
  EXPECT_LE(json["rmse"].get<double>(), json["baselines"]["bias"]["rmse"].get<double>() - 0.015);
}

TEST_F(EvaluateCommandTest, MovieLensPositivesAreRankedBetterThanByPopularity) {
  if (!std::filesystem::exists(MovieLensRatings())) GTEST_SKIP() << "there is no " << MovieLensRatings();
  const auto json = Evaluate({"--train", MovieLensRatings(), "--positive-threshold", "4", "--split",
                              "random-per-user:0.2", "--feedback", "implicit", "--metrics", "ndcg@20"})
                        .Json();
  EXPECT_GE(json["ndcg@20"].get<double>(), 1.7 * json["baselines"]["popularity"]["ndcg@20"].get<double>());
}

}  // namespace
}  // namespace ridgeline
