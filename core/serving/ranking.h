#ifndef RIDGELINE_CORE_SERVING_RANKING_H_
#define RIDGELINE_CORE_SERVING_RANKING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/catalog/catalog.h"
#include "core/retrieval/retrieval_query.h"
#include "core/serving/item_lookup.h"
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

/// The items that a validated `query` asks for, for somebody in `state`: filtered, boosted, paged or
/// diversified. kInvalidArgument naming the field when an id or the page token is malformed or the token is
/// of another query; kFailedPrecondition when the token is of another model version or kind of ranking.
absl::StatusOr<RankedPage> RankPage(const RecommendQuery& query, const ServingSnapshot& snapshot,
                                    const Catalog& catalog, const UserState& state, ItemLookup& lookup);

/// The score of the item at `item_row` for somebody in `state`, before boosts. Of whom nothing is known: the
/// mean rating of such an item (explicit) or its popularity (implicit).
float ScoreOf(const ServingSnapshot& snapshot, const UserState& state, uint32_t item_row);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_RANKING_H_
