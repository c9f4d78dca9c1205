#ifndef RIDGELINE_SERVER_STORES_H_
#define RIDGELINE_SERVER_STORES_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/catalog/catalog.h"
#include "core/interactions/interaction_log.h"
#include "core/model/model_store.h"
#include "core/serving/snapshot_holder.h"

namespace ridgeline {

/// Everything that survives a restart.
struct Stores {
  std::unique_ptr<InteractionLog> log;  ///< <data folder>/interactions
  std::unique_ptr<Catalog> catalog;     ///< <data folder>/catalog
  std::unique_ptr<ModelStore> models;   ///< <data folder>/models
};

/// Opens the stores in `data_dir`, made when absent, and removes what a killed process left of a backup
/// there. The errors of MakeDirectoriesDurably, of the Open of InteractionLog, Catalog and ModelStore, and of
/// RemoveAbandonedView; the message names the folder.
absl::StatusOr<Stores> OpenStores(const std::string& data_dir);

/// Makes the live model of `stores` the one that `snapshots` serves; OK and nothing when none was ever made
/// live. kDataLoss or kNotFound when it cannot be used; the message says what to do.
absl::Status LoadLiveModel(const Stores& stores, const std::string& data_dir, SnapshotHolder* snapshots);

/// Goes on with the experiment of `stores` on the live model that `snapshots` serves; OK and nothing when
/// there is none. kDataLoss or kNotFound when it or its candidate cannot be used.
absl::Status LoadExperiment(const Stores& stores, SnapshotHolder* snapshots);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_STORES_H_
