#include "core/training/model_eraser.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/training/training_world.h"

namespace ridgeline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ModelEraserTest : public testing::Test, protected TrainingWorld {
 protected:
  // Publishes a model with `users`, each with factors of its own, as trained from all of the log.
  std::string Publish(const std::vector<std::string>& users, uint64_t through) {
    FactorModelParts parts;
    parts.hyperparameters.factors = 2;
    parts.user_ids = std::make_shared<const IdMap>(IdMap::FromIds(users).value());
    parts.item_ids = std::make_shared<const IdMap>(IdMap::FromIds({"i"}).value());
    parts.users.factors = parts.items.factors = 2;
    for (size_t row = 0; row < users.size(); ++row) {
      parts.users.values.insert(parts.users.values.end(), {static_cast<float>(row), 1.0f});
      parts.users.biases.push_back(0.0f);
    }
    parts.items.values = {1.0f, 2.0f};
    parts.items.biases = {0.0f};
    parts.item_popularity = {1.0f};
    ModelInfo info;
    info.trained_through_sequence = through;
    return store->Publish(*FactorModel::Create(std::move(parts)).value(), info).value().version;
  }

  std::vector<std::string> UsersOf(const std::string& version) {
    const StoredModel stored = store->Load(version).value();
    std::vector<std::string> users;
    for (uint32_t row = 0; row < stored.model->user_ids().size(); ++row) {
      users.emplace_back(stored.model->user_ids().Id(row));
    }
    EXPECT_EQ(stored.info.users, static_cast<int64_t>(users.size()));
    return users;
  }

  ModelEraser eraser_{log.get(), store.get()};
};

TEST_F(ModelEraserTest, TakesDeletedUsersOutOfEveryModelAndLeavesTheOthersAsTheyWere) {
  Record({MakeInteraction("a", "i"), MakeInteraction("b", "i"), MakeInteraction("c", "i")});
  const std::string first = Publish({"a", "b", "c"}, 3);
  const std::string second = Publish({"c", "b"}, 3);
  const std::string without = Publish({"a", "c"}, 3);
  ASSERT_EQ(log->DeleteUser("b").value(), 1);
  EXPECT_THAT(eraser_.Sweep().value(), ElementsAre(first, second));
  EXPECT_THAT(UsersOf(first), ElementsAre("a", "c"));
  EXPECT_THAT(UsersOf(second), ElementsAre("c"));
  EXPECT_THAT(UsersOf(without), ElementsAre("a", "c"));
  EXPECT_THAT(store->Load(first)->model->User(1).factors, ElementsAre(2.0f, 1.0f)) << "c has its own";
}

TEST_F(ModelEraserTest, LooksAtModelsOnlyAfterADeletionAndOnlyOnce) {
  Record({MakeInteraction("a", "i"), MakeInteraction("b", "i")});
  const std::string version = Publish({"a", "b", "of-no-log"}, 2);
  EXPECT_THAT(eraser_.Sweep().value(), IsEmpty());
  ASSERT_TRUE(log->DeleteUser("b").ok());
  EXPECT_THAT(eraser_.Sweep().value(), ElementsAre(version));
  EXPECT_THAT(eraser_.Sweep().value(), IsEmpty());
}

TEST_F(ModelEraserTest, AUserWhoCameBackIsOutOfTheModelsOfTheFormerLife) {
  Record({MakeInteraction("a", "i"), MakeInteraction("b", "i")});
  const std::string version = Publish({"a", "b"}, 2);
  ASSERT_TRUE(log->DeleteUser("b").ok());
  Record({MakeInteraction("b", "i")});
  EXPECT_THAT(eraser_.Sweep().value(), ElementsAre(version));
  EXPECT_THAT(UsersOf(version), ElementsAre("a"));
}

TEST_F(ModelEraserTest, LeavesModelsOfFilesAlone) {
  Record({MakeInteraction("a", "i")});
  const std::string version = Publish({"x", "y"}, 0);
  ASSERT_TRUE(log->DeleteUser("a").ok());
  EXPECT_THAT(eraser_.Sweep().value(), IsEmpty());
  EXPECT_THAT(UsersOf(version), ElementsAre("x", "y"));
}

TEST_F(ModelEraserTest, FindsAfterARestartWhatWasDeletedBefore) {
  Record({MakeInteraction("a", "i"), MakeInteraction("b", "i")});
  const std::string version = Publish({"a", "b"}, 2);
  ASSERT_TRUE(log->DeleteUser("b").ok());
  log.reset();
  log = InteractionLog::Open(directory.File("log")).value();
  ModelEraser eraser(log.get(), store.get());
  EXPECT_THAT(eraser.Sweep().value(), ElementsAre(version));
}

}  // namespace
}  // namespace ridgeline
