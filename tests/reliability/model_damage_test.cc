// No damaged model is ever served, whatever the damage; the old one serves on.

#include "tests/reliability/model_damage.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/catalog/catalog.h"
#include "core/model/model_store.h"
#include "core/serving/snapshot_holder.h"
#include "core/training/model_publisher.h"
#include "gtest/gtest.h"
#include "tests/core/model/small_model.h"
#include "tests/support/long_form.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

std::shared_ptr<const FactorModel> ModelWithFirstFactor(float value) {
  FactorModelParts parts = SmallModelParts();
  parts.users.values[0] = value;
  return FactorModel::Create(std::move(parts)).value();
}

class ModelDamageTest : public testing::Test {
 protected:
  std::string Publish(float first_factor) {
    ModelInfo info = SmallModelInfo();
    return store_->Publish(*ModelWithFirstFactor(first_factor), info).value().version;
  }

  std::string FolderOf(const std::string& version) const { return directory_.File("models/" + version); }

  const TempDir directory_;
  const std::unique_ptr<ModelStore> store_ = ModelStore::Open(directory_.File("models")).value();
  const std::unique_ptr<Catalog> catalog_ = Catalog::Open(directory_.File("catalog")).value();
  SnapshotHolder snapshots_;
  Arena arena_{1, /*low_priority=*/false};
  ModelPublisher publisher_{store_.get(), catalog_.get(), &snapshots_, nullptr, &arena_, 5};
};

// Not all damage is found by the same check: the reasons must be many.
TEST_F(ModelDamageTest, EveryDamagedModelIsRejectedWithAReasonAndTheOldOneServesOn) {
  const std::string old = Publish(1.0f);
  const std::string victim = Publish(2.0f);
  ASSERT_TRUE(publisher_.Activate(old).ok());
  ModelDamage damage(FolderOf(victim), FolderOf(old));
  const int times = LongForm() ? 10'000 : 1'000;
  std::map<std::string, int> reasons;
  int rejected = 0;
  Random random(20);
  for (int i = 0; i < times; ++i) {
    const std::string what = damage.Apply(random);
    const absl::StatusOr<ModelInfo> activated = publisher_.Activate(victim);
    ASSERT_FALSE(activated.ok()) << "served in spite of: " << what;
    EXPECT_FALSE(activated.status().message().empty()) << what;
    ASSERT_EQ(snapshots_.Get()->version(), old);
    ASSERT_EQ(store_->LiveVersion().value(), old);
    ++reasons[std::string(activated.status().message())];
    ++rejected;
  }
  EXPECT_GE(reasons.size(), 40u);
  EXPECT_EQ(snapshots_.Get()->model().users().values[0], 1.0f);
  damage.Restore();
  EXPECT_TRUE(publisher_.Activate(victim).ok()) << "whole again, it is served";
  ReportFigure(absl::StrCat(rejected, " of ", times, " rejected, for ", reasons.size(), " reasons"));
}

TEST_F(ModelDamageTest, NoNameLeadsOutOfTheStore) {
  const std::string version = Publish(1.0f);
  for (const std::string& name :
       {std::string("../models/v000001"), std::string("v000001/."), std::string("v000001/../v000001"),
        std::string("./v000001"), std::string("v000001\0", 8), std::string(""),
        directory_.File("models/v000001")}) {
    EXPECT_EQ(publisher_.Activate(name).status().code(), absl::StatusCode::kNotFound) << name;
    EXPECT_EQ(store_->SetLive(name).code(), absl::StatusCode::kNotFound) << name;
  }
  for (const char* live : {"../models/v000001", "v000001/../v000001", "v1", "v000001\nv000002", ""}) {
    directory_.Write("models/LIVE", live);
    EXPECT_EQ(store_->LiveVersion().status().code(), absl::StatusCode::kDataLoss) << live;
  }
}

}  // namespace
}  // namespace ridgeline
