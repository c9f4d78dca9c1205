#ifndef RIDGELINE_SERVER_INTERACTION_SERVICE_H_
#define RIDGELINE_SERVER_INTERACTION_SERVICE_H_

#include "absl/status/statusor.h"
#include "core/interactions/interaction_log.h"
#include "core/serving/recommender.h"
#include "ridgeline/v1/interaction_service.pb.h"
#include "server/call_info.h"
#include "server/interaction_recorder.h"

namespace ridgeline {

/// The unary methods of ridgeline.v1.InteractionService; interaction_service.proto says what each does and
/// which errors it gives. Thread-safe.
class InteractionService {
 public:
  /// The pointers must outlive the service.
  InteractionService(InteractionLog* log, Recommender* recommender, InteractionRecorder* recorder)
      : log_(log), recommender_(recommender), recorder_(recorder) {}

  absl::StatusOr<v1::RecordInteractionsResponse> RecordInteractions(
      const v1::RecordInteractionsRequest& request, const CallInfo& call);
  absl::StatusOr<v1::ListInteractionsResponse> ListInteractions(const v1::ListInteractionsRequest& request,
                                                                const CallInfo& call);
  absl::StatusOr<v1::DeleteUserResponse> DeleteUser(const v1::DeleteUserRequest& request,
                                                    const CallInfo& call);

 private:
  InteractionLog* const log_;
  Recommender* const recommender_;
  InteractionRecorder* const recorder_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_INTERACTION_SERVICE_H_
