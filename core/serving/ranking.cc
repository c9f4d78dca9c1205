#include "core/serving/ranking.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/serving/diversity.h"
#include "core/serving/item_selection.h"
#include "core/serving/page_token.h"

namespace ridgeline {
namespace {

bool IsPopular(const UserState& state) {
  return state.source == RecommendationSource::kPopular;
}

float ConstantOf(const ServingSnapshot& snapshot, const UserState& state) {
  return static_cast<float>(snapshot.model().global_mean() + state.vector.bias);
}

std::vector<ScoredItem> Retrieve(const ServingSnapshot& snapshot, const UserState& state,
                                 RetrievalQuery retrieval) {
  if (IsPopular(state)) return snapshot.index().MostPopular(retrieval);
  retrieval.vector = state.vector.factors;
  retrieval.constant = ConstantOf(snapshot, state);
  return snapshot.index().TopK(retrieval);
}

// Where the page of `query` begins: its token, or a fresh one for the first page.
absl::StatusOr<PageToken> StartOfPage(const RecommendQuery& query, const ServingSnapshot& snapshot,
                                      const UserState& state) {
  PageToken start;
  start.model_version = snapshot.version();
  start.query_fingerprint = QueryFingerprint(query);
  start.popular = IsPopular(state);
  if (query.page_token.empty()) return start;
  RIDGELINE_ASSIGN_OR_RETURN(PageToken token, DecodePageToken(query.page_token));
  if (token.query_fingerprint != start.query_fingerprint) {
    return absl::InvalidArgumentError("page_token: belongs to a request with other fields");
  }
  if (token.model_version != start.model_version) {
    return absl::FailedPreconditionError(
        absl::StrCat("page_token: is of model ", token.model_version,
                     ", which is no longer live; start again without a token"));
  }
  if (token.popular != start.popular) {
    return absl::FailedPreconditionError(
        "page_token: more is known of the user since the page before; start again without a token");
  }
  return token;
}

// One page by score alone: asks for one item more than the page holds to learn whether another follows.
RankedPage PlainPage(const RecommendQuery& query, const ServingSnapshot& snapshot, const UserState& state,
                     RetrievalQuery retrieval, PageToken start) {
  RankedPage page;
  page.ranked_before = start.rank;
  if (start.rank > 0) retrieval.after = start.last;
  retrieval.k = static_cast<int>(query.k) + 1;
  page.items = Retrieve(snapshot, state, retrieval);
  if (page.items.size() <= static_cast<size_t>(query.k)) return page;
  page.items.pop_back();
  start.rank += static_cast<uint32_t>(page.items.size());
  start.last = page.items.back();
  page.next_page_token = EncodePageToken(start);
  return page;
}

RankedPage DiversePage(const RecommendQuery& query, const ServingSnapshot& snapshot, const UserState& state,
                       RetrievalQuery retrieval) {
  const auto k = static_cast<size_t>(query.k);
  retrieval.k = static_cast<int>(DiversityPool(k));
  const std::vector<ScoredItem> candidates = Retrieve(snapshot, state, retrieval);
  RankedPage page;
  page.items = Diversify(snapshot.model().items(), candidates, k, query.diversity);
  return page;
}

}  // namespace

absl::StatusOr<RankedPage> RankPage(const RecommendQuery& query, const ServingSnapshot& snapshot,
                                    const Catalog& catalog, const UserState& state, ItemLookup& lookup) {
  RIDGELINE_ASSIGN_OR_RETURN(PageToken start, StartOfPage(query, snapshot, state));
  RIDGELINE_ASSIGN_OR_RETURN(ItemFilter filter, SelectItems(query.selection, snapshot, catalog, lookup));
  if (!query.include_seen) ForbidSeen(state, filter);
  RIDGELINE_ASSIGN_OR_RETURN(const absl::optional<ScoreAdjustment> adjustment,
                             AdjustScores(query.boosts, snapshot, catalog, lookup));
  RetrievalQuery retrieval;
  retrieval.filter = &filter;
  retrieval.adjustment = adjustment.has_value() ? &*adjustment : nullptr;
  retrieval.minimum_score = query.minimum_score;
  if (query.diversity > 0.0f) return DiversePage(query, snapshot, state, retrieval);
  return PlainPage(query, snapshot, state, retrieval, std::move(start));
}

float ScoreOf(const ServingSnapshot& snapshot, const UserState& state, uint32_t item_row) {
  const FactorModel& model = snapshot.model();
  if (!IsPopular(state)) {
    return snapshot.index().Score(state.vector.factors, ConstantOf(snapshot, state), item_row);
  }
  if (model.hyperparameters().feedback == Feedback::kImplicit) return snapshot.popularity()[item_row];
  return static_cast<float>(model.global_mean() + model.items().biases[item_row]);
}

}  // namespace ridgeline
