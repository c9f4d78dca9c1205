#ifndef RIDGELINE_SERVER_INTERACTION_RECORDER_H_
#define RIDGELINE_SERVER_INTERACTION_RECORDER_H_

#include <google/protobuf/repeated_ptr_field.h>

#include <vector>

#include "absl/status/statusor.h"
#include "core/base/clock.h"
#include "core/dataset/interaction_table.h"
#include "core/interactions/interaction_log.h"
#include "core/interactions/recording_time.h"
#include "core/serving/recommender.h"
#include "core/serving/snapshot_holder.h"
#include "ridgeline/v1/interaction.pb.h"
#include "ridgeline/v1/interaction_service.pb.h"
#include "server/metrics.h"

namespace ridgeline {

/// Takes interactions in: on disk first, then seen by every later recommendation, then acknowledged.
/// Thread-safe.
class InteractionRecorder {
 public:
  /// The pointers must outlive the recorder. `feedback` says which values are allowed, `snapshots` which
  /// models are served.
  InteractionRecorder(InteractionLog* log, Recommender* recommender, const SnapshotHolder* snapshots,
                      Metrics* metrics, const Clock* clock, Feedback feedback)
      : log_(log),
        recommender_(recommender),
        snapshots_(snapshots),
        metrics_(metrics),
        time_(clock, log->newest_stamp()),
        feedback_(feedback) {}

  /// Records a batch, all or nothing. kInvalidArgument naming "interactions[i].field", kUnavailable when the
  /// disk refuses.
  absl::StatusOr<AppendResult> Record(const google::protobuf::RepeatedPtrField<v1::Interaction>& messages);

 private:
  void Count(const std::vector<Interaction>& interactions, const AppendResult& appended);

  InteractionLog* const log_;
  Recommender* const recommender_;
  const SnapshotHolder* const snapshots_;
  Metrics* const metrics_;
  RecordingTime time_;
  const Feedback feedback_;
};

/// One stream of ImportInteractions. Not thread-safe: messages come one after another.
class InteractionImport {
 public:
  /// `recorder` must outlive the import.
  explicit InteractionImport(InteractionRecorder* recorder) : recorder_(recorder) {}

  /// Records the stream's next message. An error says what was recorded before it and must end the stream.
  absl::Status Add(const v1::ImportInteractionsRequest& message);

  /// Explains an error that ends the stream: which message it is about, and what was recorded before.
  absl::Status Annotate(const absl::Status& error) const;

  /// What was recorded so far.
  const v1::ImportInteractionsResponse& summary() const { return summary_; }

 private:
  InteractionRecorder* const recorder_;
  v1::ImportInteractionsResponse summary_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_INTERACTION_RECORDER_H_
