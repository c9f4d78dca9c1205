#include "core/lab/recommend_all_command.h"

#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <iterator>

#include "core/base/file.h"
#include "core/lab/recommendation_format.h"
#include "core/retrieval/naive_scan.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/interactions/read_all.h"
#include "tests/core/lab/lab_run.h"
#include "tests/core/lab/model_folder.h"
#include "tests/core/retrieval/random_model.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

constexpr uint32_t kRecommendedUsers = 100;
constexpr uint32_t kRecommendedItems = 300;

class RecommendAllCommandTest : public testing::Test {
 protected:
  RecommendAllCommandTest() { WriteModelFolder(model_path_, *model_); }

  LabRun RecommendAll(const std::vector<std::string>& arguments) const {
    return RunLabWith(Joined({"recommend-all", "--model", model_path_, "--output", output_}, arguments));
  }

  // Lines of the users at `rows` by scoring and sorting every item; the user at row 1 has met item 2.
  std::string Expected(const std::vector<uint32_t>& rows, RecommendationFormat format, int k,
                       bool exclude_seen) const {
    std::string text(RecommendationHeader(format));
    ItemFilter all(kRecommendedItems), seen(kRecommendedItems);
    seen.Forbid(2);
    for (const uint32_t row : rows) {
      RetrievalQuery query;
      query.vector = model_->users().Row(row);
      query.constant = static_cast<float>(model_->global_mean() + model_->users().biases[row]);
      query.k = k;
      query.filter = exclude_seen && row == 1 ? &seen : &all;
      AppendRecommendations(format, model_->user_ids().Id(row), NaiveTopK(*model_, query), model_->item_ids(),
                            &text);
    }
    return text;
  }

  std::vector<uint32_t> AllRows() const {
    std::vector<uint32_t> rows;
    for (uint32_t row = 0; row < kRecommendedUsers; ++row) rows.push_back(row);
    return rows;
  }

  const TempDir directory_;
  const std::shared_ptr<const FactorModel> model_ =
      RandomModel(7, kRecommendedUsers, kRecommendedItems, 8, Numbers::kNormal);
  const std::string model_path_ = directory_.File("model");
  const std::string output_ = directory_.File("top.tsv");
};

TEST_F(RecommendAllCommandTest, WritesWhatTheNaiveScanSaysOfEveryUser) {
  const LabRun run = RecommendAll({"-k", "5", "--threads", "2", "--batch", "9", "--json"});
  ASSERT_EQ(run.exit_code, kExitOk) << run.err;
  EXPECT_EQ(ReadFile(output_).value(), Expected(AllRows(), RecommendationFormat::kTsv, 5, false));
  EXPECT_EQ(run.Json()["users"], kRecommendedUsers);
  EXPECT_EQ(run.Json()["threads"], 2);
  EXPECT_GT(run.Json()["users_per_second"], 0.0);
}

TEST_F(RecommendAllCommandTest, LeavesOutWhatAUserHasMet) {
  const std::string seen = directory_.Write("seen.csv", "u1,i2,5\nstranger,i2,5\n");
  ASSERT_EQ(RecommendAll({"-k", "300", "--exclude-seen", seen}).exit_code, kExitOk);
  EXPECT_EQ(ReadFile(output_).value(), Expected(AllRows(), RecommendationFormat::kTsv, 300, true));
}

TEST_F(RecommendAllCommandTest, GivesChosenUsersInTheOrderOfTheirFile) {
  const std::string users = directory_.Write("users.txt", "u9\nnobody\nu1\n");
  const LabRun run = RecommendAll({"--users", users, "--format", "jsonl", "--json"});
  ASSERT_EQ(run.exit_code, kExitOk) << run.err;
  EXPECT_EQ(ReadFile(output_).value(), Expected({9, 1}, RecommendationFormat::kJsonLines, 10, false));
  EXPECT_EQ(run.Json()["unknown_users"], 1);
  EXPECT_THAT(run.err, HasSubstr("passed over 1 users"));
}

TEST_F(RecommendAllCommandTest, CompressesByTheEndOfTheName) {
  const std::string output = directory_.File("top.tsv.zst");
  ASSERT_EQ(RunLabWith({"recommend-all", "--model", model_path_, "--output", output}).exit_code, kExitOk);
  EXPECT_EQ(ReadAll(output, 4096).value(), Expected(AllRows(), RecommendationFormat::kTsv, 10, false));
}

TEST_F(RecommendAllCommandTest, BadFlagsAreUsageErrorsThatNameTheFlag) {
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"-k", "0"},         {"--format", "csv"}, {"--batch", "0"},
      {"--batch", "5000"}, {"--threads", "-1"}, {"--exclude-seen-format", "xml"}};
  for (const auto& [flag, value] : bad) {
    const LabRun run = RecommendAll({flag, value});
    EXPECT_EQ(run.exit_code, kExitUsage) << flag;
    EXPECT_THAT(run.err, HasSubstr(flag.substr(flag.find_first_not_of('-')) + ":"));
  }
  EXPECT_FALSE(std::filesystem::exists(output_));
}

TEST_F(RecommendAllCommandTest, WhatCannotBeReadLeavesTheOutputUntouched) {
  WriteText(output_, "old");
  const auto expect_failure = [&](const LabRun& run, const std::string& reason) {
    EXPECT_EQ(run.exit_code, kExitFailure) << reason;
    EXPECT_THAT(run.err, HasSubstr(reason));
    EXPECT_EQ(ReadFile(output_).value(), "old");
  };
  expect_failure(RecommendAll({"--users", directory_.File("none")}), "none");
  expect_failure(RecommendAll({"--users", directory_.Write("twice.txt", "u1\nu1\n")}), "twice.txt:2");
  expect_failure(RecommendAll({"--exclude-seen", directory_.Write("bad.csv", "u1,i1,1\nu1\n")}), "bad.csv:2");
  std::string factors = ReadFile(model_path_ + "/factors.safetensors").value();
  factors.back() = static_cast<char>(factors.back() ^ 1);
  WriteText(model_path_ + "/factors.safetensors", factors);
  expect_failure(RecommendAll({}), "checksum");
  std::filesystem::remove_all(model_path_);
  expect_failure(RecommendAll({}), "manifest.json");
}

TEST_F(RecommendAllCommandTest, AnOutputThatIsNoFileIsRefused) {
  for (const std::string& output :
       {directory_.path(), std::string("/dev/null"), directory_.File("no/t.tsv")}) {
    const LabRun run = RunLabWith({"recommend-all", "--model", model_path_, "--output", output});
    EXPECT_EQ(run.exit_code, kExitFailure);
    EXPECT_THAT(run.err, HasSubstr(output));
  }
}

TEST_F(RecommendAllCommandTest, AFullDiskLeavesTheOutputUntouchedAndNothingBeside) {
  WriteText(output_, "old");
  struct rlimit before {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit small { 4096, before.rlim_max };
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const LabRun run = RecommendAll({"-k", "100"});
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(run.exit_code, kExitFailure);
  EXPECT_THAT(run.err, HasSubstr("cannot write"));
  EXPECT_EQ(ReadFile(output_).value(), "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_.path()), {}), 2);
}

}  // namespace
}  // namespace ridgeline
