#include "core/training/model_publisher.h"

#include <filesystem>
#include <fstream>

#include "gtest/gtest.h"
#include "tests/core/retrieval/random_model.h"
#include "tests/core/training/training_world.h"

namespace ridgeline {
namespace {

class ModelPublisherTest : public testing::Test, protected TrainingWorld {
 protected:
  absl::StatusOr<ModelInfo> Publish(uint64_t seed) {
    StoredModel model;
    model.model = RandomModel(seed, 5, 7, 3, Numbers::kNormal);
    absl::StatusOr<StoredModel> written = publisher_.Write(std::move(model));
    if (!written.ok()) return written.status();
    return publisher_.MakeLive(*std::move(written));
  }

  std::string LiveVersion() { return snapshots.Get()->version(); }

  // Changes one byte in the middle of a version's factors.
  void Damage(const std::string& version) {
    const std::string path = directory.File("models/" + version + "/factors.safetensors");
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    const auto middle = static_cast<std::streamoff>(std::filesystem::file_size(path) / 2);
    file.seekg(middle);
    const char byte = static_cast<char>(file.get() ^ 1);
    file.seekp(middle);
    file.put(byte);
  }

  ModelPublisher publisher_{store.get(), catalog.get(), &snapshots, 2};
};

TEST_F(ModelPublisherTest, MakesAModelLiveInMemoryAndOnDisk) {
  const ModelInfo info = Publish(1).value();
  EXPECT_EQ(LiveVersion(), info.version);
  EXPECT_EQ(store->LiveVersion().value(), info.version);
  EXPECT_EQ(snapshots.Get()->info().users, 5);
}

TEST_F(ModelPublisherTest, AModelThatIsOnlyWrittenIsNotLive) {
  StoredModel model;
  model.model = RandomModel(1, 5, 7, 3, Numbers::kNormal);
  EXPECT_EQ(publisher_.Write(std::move(model)).value().info.version, "v000001");
  EXPECT_EQ(snapshots.Get(), nullptr);
}

TEST_F(ModelPublisherTest, KeepsTheVersionsAskedFor) {
  for (uint64_t seed = 0; seed < 5; ++seed) Publish(seed).value();
  const std::vector<ModelInfo> kept = store->List().value();
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_EQ(kept.back().version, LiveVersion());
}

TEST_F(ModelPublisherTest, ActivateGoesBackAndForward) {
  const ModelInfo first = Publish(1).value();
  const ModelInfo second = Publish(2).value();
  EXPECT_EQ(publisher_.Activate(first.version).value().version, first.version);
  EXPECT_EQ(LiveVersion(), first.version);
  EXPECT_EQ(store->LiveVersion().value(), first.version);
  EXPECT_EQ(snapshots.Get()->model().items().values,
            RandomModel(1, 5, 7, 3, Numbers::kNormal)->items().values);
  EXPECT_TRUE(publisher_.Activate(second.version).ok());
  EXPECT_EQ(LiveVersion(), second.version);
}

TEST_F(ModelPublisherTest, RefusesADamagedVersionAndServesOn) {
  const ModelInfo first = Publish(1).value();
  const ModelInfo second = Publish(2).value();
  Damage(first.version);
  EXPECT_EQ(publisher_.Activate(first.version).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(publisher_.Activate("v000099").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(LiveVersion(), second.version);
  EXPECT_EQ(store->LiveVersion().value(), second.version);
}

TEST_F(ModelPublisherTest, ServesOnWhenTheStoreCannotBeWritten) {
  const ModelInfo first = Publish(1).value();
  std::filesystem::remove_all(directory.File("models"));
  std::ofstream(directory.File("models")) << "in the way";
  EXPECT_FALSE(Publish(2).ok());
  EXPECT_EQ(LiveVersion(), first.version);
}

}  // namespace
}  // namespace ridgeline
