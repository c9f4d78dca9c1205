#include "core/serving/recommender.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/base/thread_priority.h"
#include "core/interactions/interaction.h"
#include "core/serving/explainer.h"
#include "core/serving/exploration.h"
#include "core/serving/item_selection.h"
#include "core/serving/number_overflow.h"
#include "core/serving/query_validation.h"

namespace ridgeline {
namespace {

// A snapshot is warmed up with so many of the last users, a sample of one in a few, some at a time: a
// fraction of a second on a million items.
constexpr size_t kWarmUpUsers = 256;
constexpr uint64_t kSamplingInterval = 16;
constexpr size_t kWarmUpBatch = 16;

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

// The parts of each item of `page`, none where the query wants or the history gives none. [items]
absl::StatusOr<std::vector<std::vector<ExplanationPart>>> PartsOf(const RecommendQuery& query,
                                                                  const ServingSnapshot& snapshot,
                                                                  const Catalog& catalog,
                                                                  const UserState& state,
                                                                  const RankedPage& page) {
  if (query.explain_parts == 0 || state.history.size() == 0) {
    return std::vector<std::vector<ExplanationPart>>(page.items.size());
  }
  std::vector<uint32_t> rows;
  for (const ScoredItem& item : page.items) rows.push_back(item.row);
  auto parts = ExplainByHistory(snapshot.model(), catalog, state.history, rows,
                                static_cast<size_t>(query.explain_parts));
  if (!parts.ok()) return AboutNumbers(query.subject, parts.status());
  return parts;
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
    : snapshots_(snapshots),
      catalog_(catalog),
      users_(log, cached_users),
      recent_users_(kWarmUpUsers, kSamplingInterval) {}

struct Recommender::Underway {
  absl::Status status;
  std::shared_ptr<const UserState> state;
  absl::optional<ItemLookup> lookup;
  absl::Duration fold_in;
  absl::Duration planning;
  bool explored = false;
};

absl::StatusOr<RecommendResult> Recommender::Recommend(const RecommendQuery& query) {
  return std::move(RecommendEach(absl::MakeConstSpan(&query, 1), snapshots_->All()).front());
}

std::vector<absl::StatusOr<RecommendResult>> Recommender::RecommendEach(
    absl::Span<const RecommendQuery> queries, const ServedModels& served, ScanStatistics* statistics) {
  if (served.candidate == nullptr) return RecommendEach(queries, served.live, statistics);
  std::vector<absl::StatusOr<RecommendResult>> results(queries.size());
  for (const Arm arm : {Arm::kLive, Arm::kCandidate}) {
    std::vector<RecommendQuery> of_arm;
    std::vector<size_t> places;  // of the answers to `of_arm`
    for (size_t i = 0; i < queries.size(); ++i) {
      if (served.ArmOf(queries[i]) != arm) continue;
      of_arm.push_back(queries[i]);
      places.push_back(i);
    }
    std::vector<absl::StatusOr<RecommendResult>> answers = RecommendEach(of_arm, served.Of(arm), statistics);
    for (size_t i = 0; i < answers.size(); ++i) {
      if (answers[i].ok()) answers[i]->arm = arm;
      results[places[i]] = std::move(answers[i]);
    }
  }
  return results;
}

std::vector<absl::StatusOr<RecommendResult>> Recommender::RecommendEach(
    absl::Span<const RecommendQuery> queries, const std::shared_ptr<const ServingSnapshot>& snapshot,
    ScanStatistics* statistics) {
  std::vector<absl::StatusOr<RecommendResult>> results;
  results.reserve(queries.size());
  if (snapshot == nullptr) {
    results.assign(queries.size(), NoModel());
    return results;
  }
  std::vector<Underway> underway(queries.size());
  std::vector<RankingPlan> plans;
  plans.reserve(queries.size());
  for (size_t i = 0; i < queries.size(); ++i) {
    underway[i].status = Prepare(queries[i], *snapshot, underway[i], plans);
  }
  Stopwatch stopwatch;
  std::vector<RankedPage> pages = RankEach(plans, *snapshot, statistics);
  const absl::Duration retrieval = stopwatch.Lap();
  auto page = pages.begin();  // one for each query that was prepared
  for (size_t i = 0; i < queries.size(); ++i) {
    if (!underway[i].status.ok()) {
      results.push_back(std::move(underway[i].status));
      continue;
    }
    results.push_back(Finish(queries[i], *snapshot, underway[i], std::move(*page++)));
    if (results.back().ok()) results.back()->times = {underway[i].fold_in, underway[i].planning + retrieval};
  }
  return results;
}

absl::Status Recommender::Prepare(const RecommendQuery& query, const ServingSnapshot& snapshot,
                                  Underway& underway, std::vector<RankingPlan>& plans) {
  GiveWay();  // to those who wait for an answer, when this is for WarmUp
  RIDGELINE_RETURN_IF_ERROR(ValidateRecommendQuery(query, snapshot.model()));
  if (const auto* user = std::get_if<UserSubject>(&query.subject)) recent_users_.Add(user->user_id);
  underway.lookup.emplace(&snapshot.model().item_ids());
  Stopwatch stopwatch;
  RIDGELINE_ASSIGN_OR_RETURN(const std::shared_ptr<const UserState> resolved,
                             users_.Resolve(query.subject, snapshot, *underway.lookup));
  RIDGELINE_ASSIGN_OR_RETURN(underway.state, Explore(query, snapshot, resolved));
  underway.explored = underway.state != resolved;
  underway.fold_in = stopwatch.Lap();
  RIDGELINE_ASSIGN_OR_RETURN(RankingPlan plan,
                             PlanRanking(query, snapshot, *catalog_, *underway.state, *underway.lookup));
  underway.planning = stopwatch.Lap();
  plans.push_back(std::move(plan));
  return absl::OkStatus();
}

absl::StatusOr<RecommendResult> Recommender::Finish(const RecommendQuery& query,
                                                    const ServingSnapshot& snapshot, Underway& underway,
                                                    RankedPage page) const {
  RecommendResult result;
  RIDGELINE_ASSIGN_OR_RETURN(result.recommendations, Present(query, snapshot, *underway.state, page));
  result.source = underway.state->source;
  result.model_version = snapshot.version();
  result.next_page_token = std::move(page.next_page_token);
  result.explored = underway.explored;
  result.unknown_item_ids = underway.lookup->TakeUnknown();
  return result;
}

absl::StatusOr<std::vector<Recommendation>> Recommender::Present(const RecommendQuery& query,
                                                                 const ServingSnapshot& snapshot,
                                                                 const UserState& state,
                                                                 const RankedPage& page) const {
  const FactorModel& model = snapshot.model();
  std::vector<std::string> titles = Titles(snapshot, page.items);
  RIDGELINE_ASSIGN_OR_RETURN(std::vector<std::vector<ExplanationPart>> parts,
                             PartsOf(query, snapshot, *catalog_, state, page));
  std::vector<Recommendation> recommendations(page.items.size());
  for (size_t i = 0; i < page.items.size(); ++i) {
    Recommendation& recommendation = recommendations[i];
    const ScoredItem& item = page.items[i];
    recommendation.item_id = std::string(model.item_ids().Id(item.row));
    recommendation.title = std::move(titles[i]);
    recommendation.score = item.score;
    recommendation.rank = static_cast<int64_t>(page.ranked_before + i + 1);
    recommendation.parts = std::move(parts[i]);
  }
  return recommendations;
}

absl::StatusOr<ScoreItemsResult> Recommender::ScoreItems(const Subject& subject,
                                                         const std::vector<std::string>& item_ids) {
  const std::shared_ptr<const ServingSnapshot> snapshot = snapshots_->GetFor(subject);
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
  RIDGELINE_ASSIGN_OR_RETURN(SelectedItems selected,
                             SelectItems(query.selection, *snapshot, *catalog_, lookup));
  selected.filter.Forbid(row);
  const std::vector<ScoredItem> items =
      snapshot->index().MostSimilar(model.items().Row(row), static_cast<int>(query.k), &selected.filter);
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
  const UserSubject subject{query.id};
  const std::shared_ptr<const ServingSnapshot> snapshot = snapshots_->GetFor(subject);
  if (snapshot == nullptr) return NoModel();
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
  const std::shared_ptr<const ServingSnapshot> snapshot = snapshots_->GetFor(subject);
  if (snapshot == nullptr) return NoModel();
  const FactorModel& model = snapshot->model();
  RIDGELINE_RETURN_IF_ERROR(ValidateSubject(subject, model));
  RIDGELINE_ASSIGN_OR_RETURN(const uint32_t row, FindItem(*snapshot, item_id));
  ItemLookup lookup(&model.item_ids());
  RIDGELINE_ASSIGN_OR_RETURN(const std::shared_ptr<const UserState> state,
                             users_.Resolve(subject, *snapshot, lookup));
  RIDGELINE_RETURN_IF_ERROR(ValidateExplainable(subject, *state));
  auto parts = ExplainByHistory(model, *catalog_, state->history, {row}, state->history.size());
  if (!parts.ok()) return AboutNumbers(subject, parts.status());
  ExplainResult result;
  result.parts = std::move(parts->front());
  result.score = ScoreOf(*snapshot, *state, row);
  result.global_mean = static_cast<float>(model.global_mean());
  result.user_bias = state->vector.bias;
  result.item_bias = model.items().biases[row];
  result.source = state->source;
  result.model_version = snapshot->version();
  result.unknown_item_ids = lookup.TakeUnknown();
  return result;
}

void Recommender::WarmUp(const std::shared_ptr<const ServingSnapshot>& snapshot) {
  std::vector<RecommendQuery> queries;
  for (std::string& user_id : recent_users_.Get()) {
    queries.emplace_back().subject = UserSubject{std::move(user_id)};
  }
  // A user who cannot be answered now is as cold as before.
  const auto all = absl::MakeConstSpan(queries);
  for (size_t first = 0; first < all.size(); first += kWarmUpBatch) {
    RecommendEach(all.subspan(first, kWarmUpBatch), snapshot);
  }
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
