#ifndef RIDGELINE_CORE_MODEL_EXPERIMENT_H_
#define RIDGELINE_CORE_MODEL_EXPERIMENT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace ridgeline {

/// A comparison of two versions of a model: some users are answered by a candidate, the others by the live
/// one. It lasts as long as that one is live. A plain value.
struct Experiment {
  std::string id;  ///< salts the split; 1 to 64 of A-Z a-z 0-9 . _ -
  std::string live_version;
  std::string candidate_version;
  double share = 0.0;  ///< of users answered by the candidate; above 0, at most 1
  absl::Time start_time = {};
};

/// Which of an experiment's models answers. Without an experiment all is kLive.
enum class Arm { kLive, kCandidate };

/// The arm of a user: the candidate's when XXH3 of the experiment's id and the user's, as a number in [0, 1),
/// is below the share. So it is the same at every server and every time; another id splits the users anew; a
/// larger share leaves nobody of the candidate's users.
Arm ArmOf(const Experiment& experiment, absl::string_view user_id);

/// kInvalidArgument beginning with "id" or "share" when that is out of its range, kFailedPrecondition when
/// the candidate is the live version.
absl::Status ValidateExperiment(const Experiment& experiment);

/// `experiment`, a valid one, as a JSON object.
std::string EncodeExperiment(const Experiment& experiment);

/// What EncodeExperiment was given; kDataLoss for any other text.
absl::StatusOr<Experiment> ParseExperiment(absl::string_view text);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_MODEL_EXPERIMENT_H_
