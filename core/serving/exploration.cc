#include "core/serving/exploration.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/als/posterior.h"
#include "core/base/checksum.h"
#include "core/base/random.h"
#include "core/serving/number_overflow.h"

namespace ridgeline {
namespace {

Random RandomOf(const RecommendQuery& query) {
  const auto* user = std::get_if<UserSubject>(&query.subject);
  return Random::Fork(query.exploration.seed, user == nullptr ? 0 : Checksum64(user->user_id));
}

bool KnowsUncertainty(const UserState& state) {
  const bool has_row =
      state.source == RecommendationSource::kModel || state.source == RecommendationSource::kFoldIn;
  return has_row && state.history.size() > 0;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const UserState>> Explore(const RecommendQuery& query,
                                                         const ServingSnapshot& snapshot,
                                                         std::shared_ptr<const UserState> state) {
  if (query.exploration.scale == 0.0f || !KnowsUncertainty(*state)) return state;
  absl::StatusOr<UserVector> sample = SamplePosterior(snapshot.model(), state->history, state->vector,
                                                      query.exploration.scale, RandomOf(query));
  if (!sample.ok()) {
    const absl::Status why = AboutNumbers(query.subject, sample.status());
    return absl::Status(why.code(), absl::StrCat("exploration: ", why.message()));
  }
  auto explored = std::make_shared<UserState>(*state);
  explored->vector = *std::move(sample);
  return explored;
}

}  // namespace ridgeline
