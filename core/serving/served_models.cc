#include "core/serving/served_models.h"

#include "absl/status/statusor.h"
#include "core/serving/page_token.h"

namespace ridgeline {

Arm ServedModels::ArmOf(const Subject& subject) const {
  const auto* user = std::get_if<UserSubject>(&subject);
  if (user == nullptr || candidate == nullptr) return Arm::kLive;
  return ridgeline::ArmOf(candidate->experiment, user->user_id);
}

Arm ServedModels::ArmOf(const RecommendQuery& query) const {
  if (candidate == nullptr) return Arm::kLive;
  const absl::StatusOr<PageToken> token = DecodePageToken(query.page_token);
  if (token.ok() && token->model_version == live->version()) return Arm::kLive;
  if (token.ok() && token->model_version == candidate->snapshot->version()) return Arm::kCandidate;
  return ArmOf(query.subject);
}

const std::shared_ptr<const ServingSnapshot>& ServedModels::Of(Arm arm) const {
  return arm == Arm::kLive ? live : candidate->snapshot;
}

}  // namespace ridgeline
