#include "core/training/model_eraser.h"

#include <filesystem>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/serving/fake_interaction_log.h"
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

  // The versions that a sweep without errors changes.
  std::vector<std::string> Sweep() {
    const SweepResult result = eraser_.Sweep(CancellationToken());
    EXPECT_TRUE(result.status.ok()) << result.status;
    return result.changed;
  }

  ModelEraser eraser_{log.get(), store.get()};
};

TEST_F(ModelEraserTest, TakesDeletedUsersOutOfEveryModelAndLeavesTheOthersAsTheyWere) {
  Record({MakeInteraction("a", "i"), MakeInteraction("b", "i"), MakeInteraction("c", "i")});
  const std::string first = Publish({"a", "b", "c"}, 3);
  const std::string second = Publish({"c", "b"}, 3);
  const std::string without = Publish({"a", "c"}, 3);
  ASSERT_EQ(log->DeleteUser("b").value(), 1);
  EXPECT_THAT(Sweep(), ElementsAre(first, second));
  EXPECT_THAT(UsersOf(first), ElementsAre("a", "c"));
  EXPECT_THAT(UsersOf(second), ElementsAre("c"));
  EXPECT_THAT(UsersOf(without), ElementsAre("a", "c"));
  EXPECT_THAT(store->Load(first)->model->User(1).factors, ElementsAre(2.0f, 1.0f)) << "c has its own";
}

TEST_F(ModelEraserTest, LooksAtModelsOnlyAfterADeletionAndOnlyOnce) {
  Record({MakeInteraction("a", "i"), MakeInteraction("b", "i")});
  const std::string version = Publish({"a", "b", "of-no-log"}, 2);
  EXPECT_THAT(Sweep(), IsEmpty());
  ASSERT_TRUE(log->DeleteUser("b").ok());
  EXPECT_THAT(Sweep(), ElementsAre(version));
  EXPECT_THAT(Sweep(), IsEmpty());
}

TEST_F(ModelEraserTest, AUserWhoCameBackIsOutOfTheModelsOfTheFormerLife) {
  Record({MakeInteraction("a", "i"), MakeInteraction("b", "i")});
  const std::string version = Publish({"a", "b"}, 2);
  ASSERT_TRUE(log->DeleteUser("b").ok());
  Record({MakeInteraction("b", "i")});
  EXPECT_THAT(Sweep(), ElementsAre(version));
  EXPECT_THAT(UsersOf(version), ElementsAre("a"));
}

TEST_F(ModelEraserTest, ADamagedModelDoesNotKeepTheOthersFromBeingErased) {
  Record({MakeInteraction("a", "i"), MakeInteraction("b", "i")});
  const std::string damaged = Publish({"a", "b"}, 2);
  const std::string whole = Publish({"b", "a"}, 2);
  DamageFactors(damaged);
  ASSERT_TRUE(log->DeleteUser("b").ok());
  const SweepResult first = eraser_.Sweep(CancellationToken());
  EXPECT_EQ(first.status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(first.changed, ElementsAre(whole));
  EXPECT_THAT(UsersOf(whole), ElementsAre("a"));
  DamageFactors(damaged);  // the same bit again
  EXPECT_THAT(Sweep(), ElementsAre(damaged)) << "the next sweep tried again";
}

TEST_F(ModelEraserTest, AVersionWhoseManifestCannotBeReadIsNotPassedOver) {
  Record({MakeInteraction("a", "i"), MakeInteraction("b", "i")});
  const std::string damaged = Publish({"a", "b"}, 2);
  const std::string whole = Publish({"b", "a"}, 2);
  const std::string manifest = directory.File("models/" + damaged + "/manifest.json");
  std::ofstream(manifest) << "{";
  ASSERT_TRUE(log->DeleteUser("b").ok());
  const SweepResult result = eraser_.Sweep(CancellationToken());
  EXPECT_EQ(result.status.code(), absl::StatusCode::kDataLoss) << result.status;
  EXPECT_THAT(result.changed, ElementsAre(whole));
  EXPECT_THAT(result.departed, IsEmpty());
}

TEST_F(ModelEraserTest, AModelThatIsPrunedMeanwhileIsNoError) {
  FakeInteractionLog fake;
  for (const char* user : {"a", "b"}) fake.Record(user, "i", 1.0f);
  const std::string first = Publish({"a", "b"}, 2);
  const std::string second = Publish({"a", "b"}, 2);
  fake.DeleteUser("b").value();
  fake.after_read = [&] { EXPECT_TRUE(store->Prune(1).ok()); };
  const SweepResult result = ModelEraser(&fake, store.get()).Sweep(CancellationToken());
  EXPECT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(UsersOf(second), ElementsAre("a"));
}

TEST_F(ModelEraserTest, ACancelEndsTheSweepWithinAUserAndTheNextOneGoesOn) {
  FakeInteractionLog fake;
  for (const char* user : {"a", "b"}) fake.Record(user, "i", 1.0f);
  const std::string version = Publish({"a", "b"}, 2);
  Publish({"a", "b"}, 2);
  fake.DeleteUser("b").value();
  CancellationToken cancellation;
  int reads = 0;
  fake.after_read = [&] {
    ++reads;
    cancellation.Cancel();
  };
  ModelEraser eraser(&fake, store.get());
  EXPECT_EQ(eraser.Sweep(cancellation).status.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(reads, 1);
  EXPECT_EQ(eraser.Sweep(CancellationToken()).changed.size(), 2u);
  EXPECT_THAT(UsersOf(version), ElementsAre("a"));
}

TEST_F(ModelEraserTest, RemovesWhatTheStoreCouldNotRemoveBefore) {
  const std::string leftover = directory.File("models/tmp.removed.1");
  std::filesystem::create_directory(leftover);
  std::ofstream(leftover + "/factors.safetensors") << "of somebody who was deleted";
  EXPECT_THAT(Sweep(), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(leftover));
}

TEST_F(ModelEraserTest, OutOfModelsOfFilesTakesThoseAloneWhoWereDeleted) {
  Record({MakeInteraction("a", "i")});
  const std::string version = Publish({"x", "y", "z"}, 0);
  EXPECT_THAT(Sweep(), IsEmpty()) << "the log knows none of them";
  ASSERT_EQ(log->DeleteUser("y").value(), 0);
  const SweepResult result = eraser_.Sweep(CancellationToken());
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.changed, ElementsAre(version));
  EXPECT_EQ(result.departed, log->deletions().departed);
  EXPECT_THAT(UsersOf(version), ElementsAre("x", "z"));
}

TEST_F(ModelEraserTest, NobodyCountsAsGoneFromModelsOfFilesAfterAnError) {
  const std::string version = Publish({"x", "y"}, 0);
  DamageFactors(version);
  ASSERT_TRUE(log->DeleteUser("y").ok());
  EXPECT_THAT(eraser_.Sweep(CancellationToken()).departed, IsEmpty());
  DamageFactors(version);  // the same bit again
  EXPECT_EQ(eraser_.Sweep(CancellationToken()).departed.size(), 1u);
  EXPECT_THAT(UsersOf(version), ElementsAre("x"));
}

TEST_F(ModelEraserTest, FindsAfterARestartWhatWasDeletedBefore) {
  Record({MakeInteraction("a", "i"), MakeInteraction("b", "i")});
  const std::string version = Publish({"a", "b"}, 2);
  ASSERT_TRUE(log->DeleteUser("b").ok());
  log.reset();
  log = InteractionLog::Open(directory.File("log")).value();
  ModelEraser eraser(log.get(), store.get());
  EXPECT_THAT(eraser.Sweep(CancellationToken()).changed, ElementsAre(version));
}

}  // namespace
}  // namespace ridgeline
