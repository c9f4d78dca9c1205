#ifndef RIDGELINE_CORE_SERVING_RANKING_H_
#define RIDGELINE_CORE_SERVING_RANKING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "core/catalog/catalog.h"
#include "core/retrieval/quantized_scan.h"
#include "core/retrieval/retrieval_query.h"
#include "core/retrieval/score_adjustment.h"
#include "core/serving/item_lookup.h"
#include "core/serving/item_selection.h"
#include "core/serving/page_token.h"
#include "core/serving/recommendation.h"
#include "core/serving/serving_snapshot.h"
#include "core/serving/user_state.h"

namespace ridgeline {

/// One page of a ranking. A plain value.
struct RankedPage {
  std::vector<ScoredItem> items;  ///< rank order
  uint32_t ranked_before = 0;     ///< items on the pages before
  std::string next_page_token;    ///< empty when nothing follows
};

/// A validated query made ready for retrieval: filtered, boosted and paged. Plans are retrieved together.
struct RankingPlan {
  const UserState* state = nullptr;
  size_t k = 0;
  float diversity = 0.0f;
  SelectedItems selected;
  absl::optional<ScoreAdjustment> adjustment;
  absl::optional<float> minimum_score;
  PageToken start;  ///< where the page begins
  std::vector<TagCap> tag_caps;
  const Catalog* catalog = nullptr;  ///< of the tags; to outlive the plan
};

/// The plan of a validated `query` for somebody in `state`, which must outlive the plan. kInvalidArgument
/// naming the field when an id or the page token is malformed or the token is of another query;
/// kFailedPrecondition when the token is of another model version or kind of ranking.
absl::StatusOr<RankingPlan> PlanRanking(const RecommendQuery& query, const ServingSnapshot& snapshot,
                                        const Catalog& catalog, const UserState& state, ItemLookup& lookup);

/// The page of each of `plans`, all made for `snapshot`, in their order; their passes over the items are
/// shared. Adds to `statistics` unless it is null.
std::vector<RankedPage> RankEach(absl::Span<const RankingPlan> plans, const ServingSnapshot& snapshot,
                                 ScanStatistics* statistics = nullptr);

/// The score of the item at `item_row` for somebody in `state`, before boosts. Of whom nothing is known: the
/// mean rating of such an item (explicit) or its popularity (implicit).
float ScoreOf(const ServingSnapshot& snapshot, const UserState& state, uint32_t item_row);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_RANKING_H_
