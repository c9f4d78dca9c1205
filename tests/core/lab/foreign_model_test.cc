#include "core/lab/foreign_model.h"

#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/lab/lab_run.h"
#include "tests/core/lab/npy_bytes.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

std::shared_ptr<const IdMap> Ids(const std::vector<std::string>& ids) {
  return std::make_shared<const IdMap>(IdMap::FromIds(ids).value());
}

Hyperparameters Ratings(int factors) {
  Hyperparameters hyperparameters = DefaultHyperparameters(Feedback::kExplicit);
  hyperparameters.factors = factors;
  return hyperparameters;
}

ForeignTensors Tensors() {
  return {{"user_factors", {{1, 2}, {1, 2}}}, {"item_factors", {{2, 2}, {3, 4, 5, 6}}}};
}

absl::StatusOr<std::shared_ptr<const FactorModel>> Make(ForeignTensors tensors,
                                                        const Hyperparameters& hyperparameters = Ratings(2)) {
  return MakeForeignModel(std::move(tensors), hyperparameters, 0.5, Ids({"u"}), Ids({"x", "y"}));
}

TEST(MakeForeignModel, ScoresByMeanBiasesAndProducts) {
  ForeignTensors tensors = Tensors();
  tensors["user_biases"] = {{1}, {10}};
  tensors["item_biases"] = {{2}, {100, 200}};
  const auto model = Make(std::move(tensors)).value();
  EXPECT_FLOAT_EQ(model->Score(model->User(0), 1), 0.5f + 10 + 200 + 1 * 5 + 2 * 6);
}

TEST(MakeForeignModel, BiasesAndPopularityThatAreNotThereAreZero) {
  const auto model = Make(Tensors()).value();
  EXPECT_FLOAT_EQ(model->Score(model->User(0), 0), 0.5f + 1 * 3 + 2 * 4);
  EXPECT_THAT(model->item_popularity(), testing::Each(0.0f));
}

TEST(MakeForeignModel, NamesTheTensorThatDoesNotFit) {
  const auto expect_error = [](const std::string& name, FloatTensor tensor, const std::string& reason) {
    ForeignTensors tensors = Tensors();
    tensors[name] = std::move(tensor);
    const absl::Status status = Make(std::move(tensors)).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()),
                testing::AllOf(testing::StartsWith(name + ":"), HasSubstr(reason)));
  };
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  expect_error("user_factors", {{2, 2}, {1, 2, 3, 4}}, "[2 x 2], ids and factors ask for [1 x 2]");
  expect_error("item_factors", {{2, 1}, {1, 2}}, "ask for [2 x 2]");
  expect_error("item_factors", {{2, 2}, {1, 2, 3, kNaN}}, "row 1, column 1");
  expect_error("item_biases", {{2}, {1, std::numeric_limits<float>::infinity()}}, "row 1, column 0");
  expect_error("user_biases", {{2}, {1, 2}}, "[2]");
}

TEST(MakeForeignModel, AMissingSideIsAnError) {
  ForeignTensors tensors = Tensors();
  tensors.erase("user_factors");
  EXPECT_THAT(std::string(Make(std::move(tensors)).status().message()),
              HasSubstr("user_factors: there is no"));
}

TEST(MakeForeignModel, BiasesOfImplicitModelsMustBeDeclared) {
  Hyperparameters hyperparameters = DefaultHyperparameters(Feedback::kImplicit);
  hyperparameters.factors = 2;
  ForeignTensors tensors = Tensors();
  tensors["item_biases"] = {{2}, {1, 2}};
  EXPECT_THAT(
      std::string(
          MakeForeignModel(tensors, hyperparameters, 0.0, Ids({"u"}), Ids({"x", "y"})).status().message()),
      testing::StartsWith("implicit_biases:"));
  hyperparameters.implicit_biases = true;
  EXPECT_TRUE(MakeForeignModel(tensors, hyperparameters, 0.0, Ids({"u"}), Ids({"x", "y"})).ok());
}

TEST(ReadIdFile, ReadsOneIdALineAndNamesBadLines) {
  const TempDir directory;
  const auto ids = ReadIdFile("user_ids", directory.Write("ids.txt", "a\r\nb c\nd")).value();
  EXPECT_EQ(ids->size(), 3u);
  EXPECT_EQ(ids->Id(1), "b c");
  const auto error = [&](const std::string& text) {
    return std::string(ReadIdFile("user_ids", directory.Write("bad.txt", text)).status().message());
  };
  EXPECT_THAT(error("a\nb\na\n"), HasSubstr("bad.txt:3: user_ids: 'a' is there twice"));
  EXPECT_THAT(error("a\n\nb\n"), HasSubstr("bad.txt:2: user_ids"));
}

TEST(ReadForeignSafetensors, TakesTheTensorsItKnows) {
  const TempDir directory;
  const std::string header =
      R"({"item_factors":{"dtype":"F16","shape":[1,2],"data_offsets":[0,4]},"other":{"dtype":"I32","shape":[1],"data_offsets":[4,8]}})";
  const std::string bytes = Raw<uint64_t>({header.size()}) + header + Raw<uint16_t>({0x3c00, 0xc100, 0, 0});
  const auto tensors = ReadForeignSafetensors(directory.Write("t.safetensors", bytes));
  ASSERT_TRUE(tensors.ok()) << tensors.status();
  EXPECT_EQ(tensors->size(), 1u);
  EXPECT_THAT(tensors->at("item_factors").values, testing::ElementsAre(1.0f, -2.5f));
  const auto damaged = ReadForeignSafetensors(directory.Write("d.safetensors", bytes.substr(0, 20)));
  EXPECT_EQ(damaged.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(damaged.status().message()), HasSubstr("d.safetensors"));
}

}  // namespace
}  // namespace ridgeline
