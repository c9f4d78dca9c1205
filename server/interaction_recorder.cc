#include "server/interaction_recorder.h"

#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "server/convert_interaction.h"

namespace ridgeline {

absl::StatusOr<AppendResult> InteractionRecorder::Record(
    const google::protobuf::RepeatedPtrField<v1::Interaction>& messages) {
  const RecordingMoment moment = time_.Now();
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<Interaction> interactions,
                             InteractionsFromProto(messages, moment, feedback_));
  absl::StatusOr<AppendResult> appended = log_->Append(interactions, moment.stamp);
  // Also after an error: the disk may have taken what it did not acknowledge.
  absl::flat_hash_set<absl::string_view> forgotten;
  for (const Interaction& interaction : interactions) {
    if (forgotten.insert(interaction.user_id).second) recommender_->ForgetUser(interaction.user_id);
  }
  if (appended.ok()) Count(interactions, *appended);
  return appended;
}

void InteractionRecorder::Count(const std::vector<Interaction>& interactions, const AppendResult& appended) {
  metrics_->CountInteractions(appended.recorded, appended.duplicates);
  const ServedModels served = snapshots_->All();
  // What was recorded before and is sent again counted then.
  auto duplicate = appended.duplicate_indices.begin();
  for (size_t i = 0; i < interactions.size(); ++i) {
    if (duplicate != appended.duplicate_indices.end() && *duplicate == i) {
      ++duplicate;
    } else if (!interactions[i].recommendation_id.empty()) {
      metrics_->hits().Count(interactions[i].recommendation_id, served);
    }
  }
}

absl::Status InteractionImport::Add(const v1::ImportInteractionsRequest& message) {
  const absl::StatusOr<AppendResult> appended = recorder_->Record(message.interactions());
  if (!appended.ok()) return Annotate(appended.status());
  summary_.set_recorded_count(summary_.recorded_count() + appended->recorded);
  summary_.set_duplicate_count(summary_.duplicate_count() + appended->duplicates);
  summary_.set_last_sequence(static_cast<int64_t>(appended->last_sequence));
  summary_.set_message_count(summary_.message_count() + 1);
  return absl::OkStatus();
}

absl::Status InteractionImport::Annotate(const absl::Status& error) const {
  return absl::Status(
      error.code(), absl::StrCat(error.message(), " (message ", summary_.message_count(),
                                 " of the stream; those before it are recorded: ", summary_.recorded_count(),
                                 " interactions and ", summary_.duplicate_count(), " duplicates)"));
}

}  // namespace ridgeline
