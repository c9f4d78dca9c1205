#ifndef RIDGELINE_SERVER_STATE_METRICS_H_
#define RIDGELINE_SERVER_STATE_METRICS_H_

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/catalog/catalog.h"
#include "core/interactions/interaction_log.h"
#include "core/model/model_store.h"
#include "core/serving/snapshot_holder.h"
#include "core/training/retrainer.h"

namespace ridgeline {

/// What StateMetrics looks at. The pointers must outlive it.
struct StateMetricsParts {
  const SnapshotHolder* snapshots = nullptr;
  const InteractionLog* log = nullptr;
  const Catalog* catalog = nullptr;
  const ModelStore* models = nullptr;
  const Retrainer* retrainer = nullptr;
  const Clock* clock = nullptr;
  absl::Time process_start;
  std::string data_dir;  ///< "": its disk is not looked at
};

/// Figures that are looked up when they are collected: the live model, the stores and their disk, the
/// training at work, the process. Those of the model are absent while none is loaded. Thread-safe.
class StateMetrics final : public prometheus::Collectable {
 public:
  explicit StateMetrics(const StateMetricsParts& parts) : parts_(parts) {}

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const StateMetricsParts parts_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_STATE_METRICS_H_
