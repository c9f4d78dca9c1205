#ifndef RIDGELINE_TESTS_SERVER_WORLD_H_
#define RIDGELINE_TESTS_SERVER_WORLD_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "core/dataset/id_map.h"
#include "core/model/factor_model.h"
#include "core/serving/recommender.h"
#include "core/serving/serving_snapshot.h"
#include "core/serving/snapshot_holder.h"
#include "gtest/gtest.h"
#include "server/metrics.h"
#include "server/stores.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {

/// Real stores in a folder of their own, and what answers from them, at a time that stands still.
struct World {
  World() {
    auto opened = OpenStores(dir.path());
    EXPECT_TRUE(opened.ok()) << opened.status();
    stores = *std::move(opened);
    recommender = std::make_unique<Recommender>(&snapshots, stores.log.get(), stores.catalog.get(), 100);
  }

  /// An implicit model of K = 2 in which user "u1" likes item "a", then "b", and "u2" the other two, "c",
  /// then "d".
  static std::shared_ptr<const FactorModel> SmallModel() {
    FactorModelParts parts;
    parts.hyperparameters.feedback = Feedback::kImplicit;
    parts.hyperparameters.factors = 2;
    parts.user_ids = std::make_shared<const IdMap>(IdMap::FromIds({"u1", "u2"}).value());
    parts.item_ids = std::make_shared<const IdMap>(IdMap::FromIds({"a", "b", "c", "d"}).value());
    parts.users = {2, {1.0f, 0.1f, 0.1f, 1.0f}, {0.0f, 0.0f}};
    parts.items = {2, {1.0f, 0.0f, 0.8f, 0.1f, 0.0f, 1.0f, 0.1f, 0.8f}, {0.0f, 0.0f, 0.0f, 0.0f}};
    parts.item_popularity = {4.0f, 3.0f, 2.0f, 1.0f};
    auto model = FactorModel::Create(std::move(parts));
    EXPECT_TRUE(model.ok()) << model.status();
    return *model;
  }

  /// Publishes SmallModel as the next version, which it returns, without making it live.
  std::string Publish() {
    ModelInfo info;
    info.algorithm = "als";
    info.create_time = clock.Now();
    auto published = stores.models->Publish(*SmallModel(), info);
    EXPECT_TRUE(published.ok()) << published.status();
    return published->version;
  }

  /// Publishes SmallModel and serves it.
  void Serve() {
    EXPECT_TRUE(stores.models->SetLive(Publish()).ok());
    const absl::Status loaded = LoadLiveModel(stores, dir.path(), &snapshots);
    EXPECT_TRUE(loaded.ok()) << loaded;
  }

  /// Runs an experiment of the live model and `candidate`, a version in the store.
  void Split(const std::string& candidate, double share) {
    const std::string live = snapshots.Get()->version();
    EXPECT_TRUE(stores.models->SetExperiment({"split", live, candidate, share}).ok());
    const absl::Status loaded = LoadExperiment(stores, &snapshots);
    EXPECT_TRUE(loaded.ok()) << loaded;
  }

  TempDir dir;
  ManualClock clock{absl::FromUnixSeconds(1'700'000'000)};
  Metrics metrics{"1.2.3"};
  Stores stores;
  SnapshotHolder snapshots;
  std::unique_ptr<Recommender> recommender;
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_SERVER_WORLD_H_
