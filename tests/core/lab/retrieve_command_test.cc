#include "core/lab/retrieve_command.h"

#include <cmath>

#include "core/lab/npy.h"
#include "core/retrieval/naive_scan.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/lab/lab_run.h"
#include "tests/core/lab/model_folder.h"
#include "tests/core/lab/npy_bytes.h"
#include "tests/core/retrieval/random_model.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

class RetrieveCommandTest : public testing::Test {
 protected:
  RetrieveCommandTest() {
    WriteModelFolder(model_path_, *model_);
    WriteText(queries_, NpyOfFloats("(2, 3)", {1, 2, 3, -1, 0.5f, 0}));
  }

  LabRun Retrieve(const std::vector<std::string>& arguments) const {
    return RunLabWith(Joined(
        {"retrieve", "--model", model_path_, "--repeat", "2", "--rows", rows_, "--scores", scores_, "--json"},
        arguments));
  }

  FloatTensor Read(const std::string& path) const { return ParseNpy(ReadFile(path).value()).value(); }

  const TempDir directory_;
  const std::shared_ptr<const FactorModel> model_ = RandomModel(7, 20, 200, 3, Numbers::kNormal);
  const std::string model_path_ = directory_.File("model");
  const std::string queries_ = directory_.File("queries.npy");
  const std::string rows_ = directory_.File("rows.npy");
  const std::string scores_ = directory_.File("scores.npy");
};

TEST_F(RetrieveCommandTest, WritesTheNaiveScansRowsAndScores) {
  const LabRun run = Retrieve({"--queries", queries_, "-k", "4", "--batch", "2"});
  ASSERT_EQ(run.exit_code, kExitOk) << run.err;
  EXPECT_EQ(run.Json()["queries"], 2);
  EXPECT_GT(run.Json()["seconds_per_query"]["lowest"], 0.0);
  EXPECT_GE(run.Json()["seconds_per_query"]["median"], run.Json()["seconds_per_query"]["lowest"]);
  EXPECT_GT(run.Json()["resident_bytes"], 0);
  EXPECT_EQ(Read(rows_).shape, (std::vector<int64_t>{2, 4}));
  const FloatTensor vectors = Read(queries_);
  for (size_t q = 0; q < 2; ++q) {
    RetrievalQuery query;
    query.vector = absl::MakeConstSpan(vectors.values).subspan(q * 3, 3);
    query.constant = static_cast<float>(model_->global_mean());
    query.k = 4;
    const auto expected = NaiveTopK(*model_, query);
    for (size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(Read(rows_).values[q * 4 + i], static_cast<float>(expected[i].row));
      EXPECT_EQ(Read(scores_).values[q * 4 + i], expected[i].score);
    }
  }
}

TEST_F(RetrieveCommandTest, AsksTheModelsUsersWhenNoQueriesAreGiven) {
  const LabRun run = Retrieve({});
  ASSERT_EQ(run.exit_code, kExitOk) << run.err;
  EXPECT_EQ(run.Json()["queries"], 20);
  EXPECT_THAT(RunLabWith({"retrieve", "--model", model_path_}).out, HasSubstr("200 items of 3 factors"));
}

TEST_F(RetrieveCommandTest, PadsAnswersThatAFilterLeavesShort) {
  const std::string allow = directory_.Write("allow.txt", "i3\ni150\ni9\n");
  const std::string exclude = directory_.Write("exclude.txt", "i9\n");
  ASSERT_EQ(Retrieve({"--queries", queries_, "--allow", allow, "--exclude", exclude}).exit_code, kExitOk);
  EXPECT_EQ(Read(rows_).shape, (std::vector<int64_t>{2, 2}));
  for (const float row : Read(rows_).values) EXPECT_TRUE(row == 3 || row == 150) << row;
}

TEST_F(RetrieveCommandTest, BadFlagsAreUsageErrorsThatNameTheFlag) {
  for (const std::string flag : {"--batch", "--repeat", "-k"}) {
    const LabRun run = Retrieve({flag, "0"});
    EXPECT_EQ(run.exit_code, kExitUsage) << flag;
  }
  EXPECT_THAT(Retrieve({"--threads", "-2"}).err, HasSubstr("--threads: must be between"));
}

TEST_F(RetrieveCommandTest, FilesThatDoNotFitTheModelAreRefused) {
  const auto expect_failure = [&](const std::string& flag, const std::string& path,
                                  const std::string& reason) {
    const LabRun run = Retrieve({flag, path});
    EXPECT_EQ(run.exit_code, kExitFailure) << reason;
    EXPECT_THAT(run.err, HasSubstr(reason));
  };
  expect_failure("--queries", directory_.Write("w.npy", NpyOfFloats("(1, 2)", {1, 2})), "[any x 3]");
  expect_failure("--queries", directory_.Write("n.npy", NpyOfFloats("(1, 3)", {1, NAN, 2})), "not finite");
  expect_failure("--queries", directory_.Write("e.npy", NpyOfFloats("(0, 3)", {})),
                 "queries: there are none");
  expect_failure("--queries", directory_.File("none.npy"), "none.npy");
  expect_failure("--exclude", directory_.Write("x.txt", "i1\nwhat\n"), "no item 'what'");
}

}  // namespace
}  // namespace ridgeline
