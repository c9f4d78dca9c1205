#include "core/lab/model_output.h"

#include <filesystem>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/lab/lab_run.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

std::shared_ptr<const FactorModel> SmallModel() {
  FactorModelParts parts;
  parts.user_ids = std::make_shared<const IdMap>(IdMap::FromIds({"u"}).value());
  parts.item_ids = std::make_shared<const IdMap>(IdMap::FromIds({"x"}).value());
  parts.hyperparameters.factors = 1;
  parts.users = {1, {2.0f}, {0.0f}};
  parts.items = {1, {3.0f}, {0.0f}};
  parts.item_popularity = {1.0f};
  return FactorModel::Create(std::move(parts)).value();
}

ModelInfo SmallInfo() {
  ModelInfo info;
  info.algorithm = "als";
  return info;
}

TEST(ModelOutput, PublishesTheModelAsTheLiveVersion) {
  const TempDir directory;
  auto output = ModelOutput::Open({"", directory.path()}).value();
  EXPECT_EQ(output.Write(*SmallModel(), SmallInfo()).value(), directory.File("models/v000001"));
  output = ModelOutput::Open({"", directory.File("other")}).value();  // lets go of the first
  const auto store = ModelStore::Open(directory.File("models")).value();
  EXPECT_EQ(store->LiveVersion().value(), "v000001");
  EXPECT_EQ(store->Load("v000001")->model->items().values, SmallModel()->items().values);
}

TEST(ModelOutput, WritesFilesAndPublishesWhenAskedForBoth) {
  const TempDir directory;
  auto output = ModelOutput::Open({directory.File("files"), directory.File("data")}).value();
  ASSERT_TRUE(output.Write(*SmallModel(), SmallInfo()).ok());
  EXPECT_TRUE(ReadModelFiles(directory.File("files")).ok());
  EXPECT_TRUE(ReadModelFiles(directory.File("data/models/v000001")).ok());
}

TEST(ModelOutput, AFolderInUseIsRefusedBeforeTheWork) {
  const TempDir directory;
  const auto server = ModelStore::Open(directory.File("models")).value();
  const absl::Status status = ModelOutput::Open({"", directory.path()}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("another process"));
}

TEST(ModelOutput, SomePlaceMustBeGiven) {
  EXPECT_THAT(std::string(CheckModelOutput({}).message()), HasSubstr("--publish"));
  EXPECT_TRUE(CheckModelOutput({"", "data"}).ok());
}

}  // namespace
}  // namespace ridgeline
