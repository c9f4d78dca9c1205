#include "core/serving/recommender.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/interactions/interaction.h"
#include "core/serving/explainer.h"
#include "core/serving/item_selection.h"
#include "core/serving/query_validation.h"

namespace ridgeline {
namespace {

// Times the stages of one answer; nothing but the report of them depends on it.
class Stopwatch {
 public:
  // Time since the last lap or the start.
  absl::Duration Lap() {
    const auto now = std::chrono::steady_clock::now();
    const absl::Duration lap = absl::FromChrono(now - last_);
    last_ = now;
    return lap;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

absl::Status NoModel() {
  return absl::FailedPreconditionError("no model is loaded");
}

absl::Status UnknownItem(absl::string_view item_id) {
  return absl::NotFoundError(absl::StrCat("item_id: the model does not know item \"", item_id, "\""));
}

absl::Status UnknownUser(absl::string_view user_id) {
  return absl::NotFoundError(absl::StrCat("user_id: nothing is known of user \"", user_id, "\""));
}

absl::StatusOr<uint32_t> FindItem(const ServingSnapshot& snapshot, const std::string& item_id) {
  RIDGELINE_RETURN_IF_ERROR(ValidateId("item_id", item_id));
  const absl::optional<uint32_t> row = snapshot.model().item_ids().Find(item_id);
  if (!row.has_value()) return UnknownItem(item_id);
  return *row;
}

absl::Status ValidateItemCount(size_t count) {
  if (count >= 1 && count <= kMaxScoredItems) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("item_ids: must have 1 to ", kMaxScoredItems, " entries, got ", count));
}

absl::Status ValidateExplainable(const Subject& subject, const UserState& state) {
  const auto* user = std::get_if<UserSubject>(&subject);
  if (user != nullptr && !state.known) return UnknownUser(user->user_id);
  if (state.history.size() > 0) return absl::OkStatus();
  return absl::FailedPreconditionError("there is no history of items known to the model to explain by");
}

}  // namespace

Recommender::Recommender(const SnapshotHolder* snapshots, const InteractionLog* log, const Catalog* catalog,
                         size_t cached_users)
    : snapshots_(snapshots), catalog_(catalog), users_(log, cached_users) {}

absl::StatusOr<RecommendResult> Recommender::Recommend(const RecommendQuery& query) {
  return Recommend(query, snapshots_->Get());
}

absl::StatusOr<RecommendResult> Recommender::Recommend(
    const RecommendQuery& query, const std::shared_ptr<const ServingSnapshot>& snapshot) {
  if (snapshot == nullptr) return NoModel();
  RIDGELINE_RETURN_IF_ERROR(ValidateRecommendQuery(query, snapshot->model()));
  RecommendResult result;
  ItemLookup lookup(&snapshot->model().item_ids());
  Stopwatch stopwatch;
  RIDGELINE_ASSIGN_OR_RETURN(const std::shared_ptr<const UserState> state,
                             users_.Resolve(query.subject, *snapshot, lookup));
  result.times.fold_in = stopwatch.Lap();
  RIDGELINE_ASSIGN_OR_RETURN(RankedPage page, RankPage(query, *snapshot, *catalog_, *state, lookup));
  result.times.retrieval = stopwatch.Lap();
  RIDGELINE_ASSIGN_OR_RETURN(result.recommendations, Present(query, *snapshot, *state, page));
  result.source = state->source;
  result.model_version = snapshot->version();
  result.next_page_token = std::move(page.next_page_token);
  result.unknown_item_ids = lookup.TakeUnknown();
  return result;
}

absl::StatusOr<std::vector<Recommendation>> Recommender::Present(const RecommendQuery& query,
                                                                 const ServingSnapshot& snapshot,
                                                                 const UserState& state,
                                                                 const RankedPage& page) const {
  const FactorModel& model = snapshot.model();
  std::vector<std::string> titles = Titles(snapshot, page.items);
  std::vector<Recommendation> recommendations(page.items.size());
  for (size_t i = 0; i < page.items.size(); ++i) {
    Recommendation& recommendation = recommendations[i];
    const ScoredItem& item = page.items[i];
    recommendation.item_id = std::string(model.item_ids().Id(item.row));
    recommendation.title = std::move(titles[i]);
    recommendation.score = item.score;
    recommendation.rank = static_cast<int64_t>(page.ranked_before + i + 1);
    if (query.explain_parts == 0 || state.history.size() == 0) continue;
    RIDGELINE_ASSIGN_OR_RETURN(recommendation.parts,
                               ExplainByHistory(model, *catalog_, state.history, item.row,
                                                static_cast<size_t>(query.explain_parts)));
  }
  return recommendations;
}

absl::StatusOr<ScoreItemsResult> Recommender::ScoreItems(const Subject& subject,
                                                         const std::vector<std::string>& item_ids) {
  const std::shared_ptr<const ServingSnapshot> snapshot = snapshots_->Get();
  if (snapshot == nullptr) return NoModel();
  RIDGELINE_RETURN_IF_ERROR(ValidateItemCount(item_ids.size()));
  RIDGELINE_RETURN_IF_ERROR(ValidateSubject(subject, snapshot->model()));
  ItemLookup of_history(&snapshot->model().item_ids());
  ItemLookup of_items(&snapshot->model().item_ids());
  RIDGELINE_ASSIGN_OR_RETURN(const std::shared_ptr<const UserState> state,
                             users_.Resolve(subject, *snapshot, of_history));
  ScoreItemsResult result;
  result.scores.resize(item_ids.size());
  for (size_t i = 0; i < item_ids.size(); ++i) {
    ItemScore& score = result.scores[i];
    score.item_id = item_ids[i];
    RIDGELINE_ASSIGN_OR_RETURN(const absl::optional<uint32_t> row,
                               of_items.Find(item_ids[i], [i] { return absl::StrCat("item_ids[", i, "]"); }));
    score.known = row.has_value();
    if (row.has_value()) score.score = ScoreOf(*snapshot, *state, *row);
  }
  result.source = state->source;
  result.model_version = snapshot->version();
  result.unknown_item_ids = of_history.TakeUnknown();
  return result;
}

absl::StatusOr<SimilarResult> Recommender::SimilarItems(const SimilarQuery& query) {
  const std::shared_ptr<const ServingSnapshot> snapshot = snapshots_->Get();
  if (snapshot == nullptr) return NoModel();
  const FactorModel& model = snapshot->model();
  RIDGELINE_RETURN_IF_ERROR(ValidateK(query.k, kMaxResults));
  RIDGELINE_RETURN_IF_ERROR(ValidateSelection(query.selection));
  RIDGELINE_ASSIGN_OR_RETURN(const uint32_t row, FindItem(*snapshot, query.id));
  ItemLookup lookup(&model.item_ids());
  RIDGELINE_ASSIGN_OR_RETURN(ItemFilter filter, SelectItems(query.selection, *snapshot, *catalog_, lookup));
  filter.Forbid(row);
  const std::vector<ScoredItem> items =
      snapshot->index().MostSimilar(model.items().Row(row), static_cast<int>(query.k), &filter);
  std::vector<std::string> titles = Titles(*snapshot, items);
  SimilarResult result;
  for (size_t i = 0; i < items.size(); ++i) {
    result.similar.push_back(
        {std::string(model.item_ids().Id(items[i].row)), std::move(titles[i]), items[i].score});
  }
  result.model_version = snapshot->version();
  result.unknown_item_ids = lookup.TakeUnknown();
  return result;
}

absl::StatusOr<SimilarResult> Recommender::SimilarUsers(const SimilarQuery& query) {
  const std::shared_ptr<const ServingSnapshot> snapshot = snapshots_->Get();
  if (snapshot == nullptr) return NoModel();
  const UserSubject subject{query.id};
  RIDGELINE_RETURN_IF_ERROR(ValidateK(query.k, kMaxResults));
  RIDGELINE_RETURN_IF_ERROR(ValidateSubject(subject, snapshot->model()));
  ItemLookup lookup(&snapshot->model().item_ids());
  RIDGELINE_ASSIGN_OR_RETURN(const std::shared_ptr<const UserState> state,
                             users_.Resolve(subject, *snapshot, lookup));
  if (state->source == RecommendationSource::kPopular) return UnknownUser(query.id);
  SimilarResult result;
  RIDGELINE_ASSIGN_OR_RETURN(result.similar, NearestUsers(*snapshot, *state, query));
  result.source = state->source;
  result.model_version = snapshot->version();
  return result;
}

absl::StatusOr<std::vector<Similar>> Recommender::NearestUsers(const ServingSnapshot& snapshot,
                                                               const UserState& state,
                                                               const SimilarQuery& query) const {
  const IdMap& ids = snapshot.model().user_ids();
  const auto wanted = static_cast<size_t>(query.k);
  // Deleted users are rare, so they are looked for among the answers only, in ever larger sets if need be.
  for (size_t asked = wanted + 1;; asked *= 2) {
    const std::vector<ScoredItem> users =
        snapshot.user_index().MostSimilar(state.vector.factors, static_cast<int>(asked), nullptr);
    std::vector<Similar> similar;
    for (size_t i = 0; i < users.size() && similar.size() < wanted; ++i) {
      const absl::string_view id = ids.Id(users[i].row);
      if (id == query.id) continue;
      RIDGELINE_ASSIGN_OR_RETURN(const bool may_answer, users_.MayAnswerWith(snapshot, users[i].row));
      if (may_answer) similar.push_back({std::string(id), "", users[i].score});
    }
    if (similar.size() == wanted || users.size() < asked) return similar;
  }
}

absl::StatusOr<ExplainResult> Recommender::Explain(const Subject& subject, const std::string& item_id) {
  const std::shared_ptr<const ServingSnapshot> snapshot = snapshots_->Get();
  if (snapshot == nullptr) return NoModel();
  const FactorModel& model = snapshot->model();
  RIDGELINE_RETURN_IF_ERROR(ValidateSubject(subject, model));
  RIDGELINE_ASSIGN_OR_RETURN(const uint32_t row, FindItem(*snapshot, item_id));
  ItemLookup lookup(&model.item_ids());
  RIDGELINE_ASSIGN_OR_RETURN(const std::shared_ptr<const UserState> state,
                             users_.Resolve(subject, *snapshot, lookup));
  RIDGELINE_RETURN_IF_ERROR(ValidateExplainable(subject, *state));
  ExplainResult result;
  RIDGELINE_ASSIGN_OR_RETURN(result.parts,
                             ExplainByHistory(model, *catalog_, state->history, row, state->history.size()));
  result.score = ScoreOf(*snapshot, *state, row);
  result.global_mean = static_cast<float>(model.global_mean());
  result.user_bias = state->vector.bias;
  result.item_bias = model.items().biases[row];
  result.source = state->source;
  result.model_version = snapshot->version();
  result.unknown_item_ids = lookup.TakeUnknown();
  return result;
}

void Recommender::ForgetUser(const std::string& user_id) {
  users_.Forget(user_id);
}

std::vector<std::string> Recommender::Titles(const ServingSnapshot& snapshot,
                                             const std::vector<ScoredItem>& items) const {
  std::vector<absl::string_view> ids;
  ids.reserve(items.size());
  for (const ScoredItem& item : items) ids.push_back(snapshot.model().item_ids().Id(item.row));
  return catalog_->Titles(ids);
}

}  // namespace ridgeline
