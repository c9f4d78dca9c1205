#ifndef RIDGELINE_SERVER_CONVERT_INTERACTION_H_
#define RIDGELINE_SERVER_CONVERT_INTERACTION_H_

#include <google/protobuf/repeated_ptr_field.h>

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/dataset/interaction_table.h"
#include "core/interactions/interaction_log.h"
#include "core/interactions/recording_time.h"
#include "ridgeline/v1/interaction.pb.h"

namespace ridgeline {

/// Most interactions in one message.
inline constexpr int64_t kMaxInteractionsInMessage = 10'000;

/// The batch as the log takes it; those without a time get the stamp of `now`. kInvalidArgument naming
/// "interactions[i].field" for a wrong number of them, values that `feedback` does not allow, times that
/// `now` does not take, and whatever the log would refuse.
absl::StatusOr<std::vector<Interaction>> InteractionsFromProto(
    const google::protobuf::RepeatedPtrField<v1::Interaction>& messages, const RecordingMoment& now,
    Feedback feedback);

v1::Interaction ToProto(const LoggedInteraction& logged);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_CONVERT_INTERACTION_H_
