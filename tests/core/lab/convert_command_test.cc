#include "core/lab/convert_command.h"

#include <cmath>

#include "core/als/fold_in.h"
#include "core/model/model_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/lab/lab_run.h"
#include "tests/core/lab/npy_bytes.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

using Members = std::map<std::string, std::string>;

class ConvertCommandTest : public testing::Test {
 protected:
  ConvertCommandTest() {
    WriteText(users_, "ann\nbob\n");
    WriteText(items_, "x\ny\nz\n");
    WriteText(directory_.File("u.npy"), NpyOfFloats("(2, 2)", {1, 2, 3, 4}));
    WriteText(directory_.File("i.npy"), NpyOfFloats("(3, 2)", {1, 0, 0, 1, 1, 1}));
    WriteText(directory_.File("b.npy"), NpyOfFloats("(3,)", {0.5f, 0.25f, 0}));
  }

  LabRun Convert(const std::vector<std::string>& arguments) const {
    return RunLabWith(
        Joined({"convert", "--user-ids", users_, "--item-ids", items_, "--output", model_}, arguments));
  }

  LabRun ConvertArrays(const std::vector<std::string>& arguments) const {
    return Convert(Joined({"--from", "npy", "--user-factors", directory_.File("u.npy"), "--item-factors",
                           directory_.File("i.npy")},
                          arguments));
  }

  LabRun ConvertArchive(const Members& changes, const std::vector<std::string>& arguments = {}) const {
    Members members = {{"user_factors.npy", NpyOfFloats("(2, 2)", {1, 2, 3, 4})},
                       {"item_factors.npy", NpyOfFloats("(3, 2)", {1, 0, 0, 1, 1, 1})},
                       {"alpha.npy", NpyOfFloats("()", {5})},
                       {"regularization.npy", NpyOfFloats("()", {0.25f})}};
    for (const auto& [name, bytes] : changes) members[name] = bytes;
    WriteArchive(directory_.File("als.npz"), members);
    return Convert(Joined({"--from", "implicit", "--model", directory_.File("als.npz")}, arguments));
  }

  std::shared_ptr<const FactorModel> Model() const {
    const auto stored = ReadModelFiles(model_);
    EXPECT_TRUE(stored.ok()) << stored.status();
    return stored.ok() ? stored->model : nullptr;
  }

  const TempDir directory_;
  const std::string users_ = directory_.File("users.txt");
  const std::string items_ = directory_.File("items.txt");
  const std::string model_ = directory_.File("model");
  const std::vector<std::string> ratings_ = {"--feedback",
                                             "explicit",
                                             "--regularization",
                                             "1",
                                             "--regularization-scaling",
                                             "none",
                                             "--bias-regularization",
                                             "2"};
};

TEST_F(ConvertCommandTest, ArraysOfRatingsScoreWithMeanAndBiases) {
  const LabRun run =
      ConvertArrays(Joined(ratings_, {"--global-mean", "3.5", "--item-biases", directory_.File("b.npy")}));
  ASSERT_EQ(run.exit_code, kExitOk) << run.err;
  const auto model = Model();
  EXPECT_FLOAT_EQ(model->Score(model->User(1), 0), 3.5f + 0.5f + 3.0f);
  EXPECT_EQ(model->user_ids().Id(1), "bob");
  EXPECT_EQ(model->hyperparameters().bias_regularization, 2.0);
}

// implicit solves (Y'Y + sum (c - 1) y y' + lambda I) x = sum c y over what was seen, with c = alpha.
TEST_F(ConvertCommandTest, NewUsersAreFoldedInAsImplicitWould) {
  ASSERT_EQ(ConvertArchive({}).exit_code, kExitOk);
  const auto folded = FoldInUser(*Model(), {{0, 2}, {1.0f, 1.0f}}).value();
  // Y'Y = [[2, 1], [1, 2]]; seen are (1, 0) and (1, 1): + 4 [[2, 1], [1, 1]] + 0.25 I; right side 5 (2, 1).
  const double a = 2 + 8 + 0.25, b = 1 + 4, c = 2 + 4 + 0.25;
  const double determinant = a * c - b * b;
  EXPECT_NEAR(folded.factors[0], (c * 10 - b * 5) / determinant, 1e-6);
  EXPECT_NEAR(folded.factors[1], (a * 5 - b * 10) / determinant, 1e-6);
}

TEST_F(ConvertCommandTest, FlagsGoBeforeWhatTheArchiveSays) {
  ASSERT_EQ(ConvertArchive({}, {"--regularization", "7"}).exit_code, kExitOk);
  EXPECT_EQ(Model()->hyperparameters().regularization, 7.0);
  EXPECT_EQ(Model()->hyperparameters().confidence_scale, 4.0);
}

TEST_F(ConvertCommandTest, WhatTheFilesDoNotTellMustBeGiven) {
  const auto expect_usage = [](const LabRun& run, const std::string& flag) {
    EXPECT_EQ(run.exit_code, kExitUsage) << flag;
    EXPECT_THAT(run.err, HasSubstr(flag + ":"));
  };
  expect_usage(ConvertArrays({}), "--feedback");
  expect_usage(ConvertArrays({"--feedback", "explicit"}), "--regularization");
  expect_usage(ConvertArrays({"--feedback", "explicit", "--regularization", "1"}),
               "--regularization-scaling");
  std::vector<std::string> flags = {
      "--feedback", "explicit", "--regularization", "1", "--regularization-scaling", "none"};
  expect_usage(ConvertArrays(flags), "--bias-regularization");
  flags[1] = "implicit";
  expect_usage(ConvertArrays(flags), "--unobserved-weight");
  flags = Joined(flags, {"--unobserved-weight", "1"});
  expect_usage(ConvertArrays(flags), "--confidence-scale");
  flags = Joined(flags, {"--confidence-scale", "1"});
  expect_usage(ConvertArrays(flags), "--confidence-form");
  EXPECT_EQ(ConvertArrays(Joined(flags, {"--confidence-form", "hu"})).exit_code, kExitOk);
}

TEST_F(ConvertCommandTest, FilesThatDoNotBelongTogetherAreRefused) {
  const auto expect_error = [](const LabRun& run, int exit_code, const std::string& reason) {
    EXPECT_EQ(run.exit_code, exit_code) << reason;
    EXPECT_THAT(run.err, HasSubstr(reason));
  };
  expect_error(Convert({"--from", "onnx"}), kExitUsage, "--from: must be implicit, npy or safetensors");
  expect_error(Convert({"--from", "implicit"}), kExitUsage, "--model: must be given");
  expect_error(Convert(Joined(ratings_, {"--from", "npy"})), kExitUsage, "--item-factors: must be given");
  expect_error(ConvertArrays(Joined(ratings_, {"--model", "m.npz"})), kExitUsage, "--model:");
  expect_error(ConvertArrays(Joined(ratings_, {"--factors", "3"})), kExitFailure,
               "factors: the item factors have 2");
  expect_error(ConvertArchive({{"alpha.npy", NpyOfFloats("()", {1})}}), kExitFailure, "confidence_scale");
  expect_error(ConvertArchive({{"item_factors.npy", NpyOfFloats("(3, 1)", {1, 2, 3})}}), kExitFailure,
               "user_factors: its shape is [2 x 2], ids and factors ask for [2 x 1]");
  expect_error(ConvertArchive({{"user_factors.npy", NpyOfFloats("(1, 2)", {1, NAN})}}), kExitFailure,
               "user_factors: its shape");
  expect_error(ConvertArchive({{"user_factors.npy", NpyOfFloats("(2, 2)", {1, NAN, 1, 1})}}), kExitFailure,
               "user_factors: row 0, column 1 is nan");
  WriteText(items_, "x\ny\n");
  expect_error(ConvertArchive({}), kExitFailure, "item_factors: its shape is [3 x 2]");
}

}  // namespace
}  // namespace ridgeline
