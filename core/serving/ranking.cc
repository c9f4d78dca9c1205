#include "core/serving/ranking.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/serving/diversity.h"
#include "core/serving/page_token.h"
#include "core/serving/tag_caps.h"

namespace ridgeline {
namespace {

bool IsPopular(const UserState& state) {
  return state.source == RecommendationSource::kPopular;
}

float ConstantOf(const ServingSnapshot& snapshot, const UserState& state) {
  return static_cast<float>(snapshot.model().global_mean() + state.vector.bias);
}

// What is asked of the index for `plan`, whose parts it views.
RetrievalQuery RetrievalOf(const RankingPlan& plan, const ServingSnapshot& snapshot) {
  RetrievalQuery retrieval;
  retrieval.vector = plan.state->vector.factors;
  retrieval.constant = ConstantOf(snapshot, *plan.state);
  retrieval.filter = &plan.selected.filter;
  retrieval.among = plan.selected.among();
  retrieval.adjustment = plan.adjustment.has_value() ? &*plan.adjustment : nullptr;
  retrieval.minimum_score = plan.minimum_score;
  if (plan.diversity > 0.0f) {
    retrieval.k = static_cast<int>(DiversityPool(plan.k));
    return retrieval;
  }
  if (plan.start.rank > 0) retrieval.after = plan.start.last;
  retrieval.k = static_cast<int>(plan.k) + 1;  // one more tells whether another page follows
  return retrieval;
}

// The items of a plan under tag caps, which asks the index more than once.
std::vector<ScoredItem> RetrieveUnderCaps(const RankingPlan& plan, const ServingSnapshot& snapshot) {
  RetrievalQuery retrieval = RetrievalOf(plan, snapshot);
  CappedPage page;
  page.k = static_cast<size_t>(retrieval.k);
  page.after = std::exchange(retrieval.after, absl::nullopt);
  page.ranked_before = plan.start.rank;
  return WalkUnderTagCaps(
      plan.tag_caps, snapshot, *plan.catalog, retrieval, page, [&](const RetrievalQuery& piece) {
        return IsPopular(*plan.state) ? snapshot.index().MostPopular(piece) : snapshot.index().TopK(piece);
      });
}

// The best items of each plan, in rank order.
std::vector<std::vector<ScoredItem>> RetrieveEach(absl::Span<const RankingPlan> plans,
                                                  const ServingSnapshot& snapshot,
                                                  ScanStatistics* statistics) {
  std::vector<std::vector<ScoredItem>> found(plans.size());
  std::vector<RetrievalQuery> retrievals;
  std::vector<size_t> places;  // of the answers to `retrievals`
  for (size_t i = 0; i < plans.size(); ++i) {
    if (!plans[i].tag_caps.empty()) {
      found[i] = RetrieveUnderCaps(plans[i], snapshot);
      continue;
    }
    const RetrievalQuery retrieval = RetrievalOf(plans[i], snapshot);
    if (IsPopular(*plans[i].state)) {
      found[i] = snapshot.index().MostPopular(retrieval);
      continue;
    }
    retrievals.push_back(retrieval);
    places.push_back(i);
  }
  std::vector<std::vector<ScoredItem>> answers = snapshot.index().TopKOfEach(retrievals, statistics);
  for (size_t i = 0; i < answers.size(); ++i) found[places[i]] = std::move(answers[i]);
  return found;
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

// One page by score alone, of an item more than it holds where another page follows.
RankedPage PlainPage(const RankingPlan& plan, std::vector<ScoredItem> items) {
  RankedPage page;
  page.ranked_before = plan.start.rank;
  page.items = std::move(items);
  if (page.items.size() <= plan.k) return page;
  page.items.pop_back();
  PageToken next = plan.start;
  next.rank += static_cast<uint32_t>(page.items.size());
  next.last = page.items.back();
  page.next_page_token = EncodePageToken(next);
  return page;
}

RankedPage DiversePage(const RankingPlan& plan, const ServingSnapshot& snapshot,
                       const std::vector<ScoredItem>& candidates) {
  RankedPage page;
  page.items = Diversify(snapshot.model().items(), candidates, plan.k, plan.diversity);
  return page;
}

}  // namespace

absl::StatusOr<RankingPlan> PlanRanking(const RecommendQuery& query, const ServingSnapshot& snapshot,
                                        const Catalog& catalog, const UserState& state, ItemLookup& lookup) {
  RIDGELINE_ASSIGN_OR_RETURN(PageToken start, StartOfPage(query, snapshot, state));
  RIDGELINE_ASSIGN_OR_RETURN(SelectedItems selected, SelectItems(query.selection, snapshot, catalog, lookup));
  if (!query.include_seen) ForbidSeen(state, selected.filter);
  RIDGELINE_ASSIGN_OR_RETURN(absl::optional<ScoreAdjustment> adjustment,
                             AdjustScores(query.boosts, snapshot, catalog, lookup));
  return RankingPlan{&state,
                     static_cast<size_t>(query.k),
                     query.diversity,
                     std::move(selected),
                     std::move(adjustment),
                     query.minimum_score,
                     std::move(start),
                     query.tag_caps,
                     &catalog};
}

std::vector<RankedPage> RankEach(absl::Span<const RankingPlan> plans, const ServingSnapshot& snapshot,
                                 ScanStatistics* statistics) {
  std::vector<std::vector<ScoredItem>> found = RetrieveEach(plans, snapshot, statistics);
  std::vector<RankedPage> pages;
  for (size_t i = 0; i < plans.size(); ++i) {
    pages.push_back(plans[i].diversity > 0.0f ? DiversePage(plans[i], snapshot, found[i])
                                              : PlainPage(plans[i], std::move(found[i])));
  }
  return pages;
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
