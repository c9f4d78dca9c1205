#include "server/recommendation_service.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "server/convert_recommendation_request.h"
#include "server/convert_recommendation_response.h"
#include "server/recommendation_id.h"
#include "server/rpc_status.h"
#include "server/validation.h"

namespace ridgeline {
namespace {

// Answering this many items of each call hardly takes longer than finding them.
constexpr int64_t kMaxPlainResults = 100;

// As many share a pass over the items; between passes a caller who has gone is noticed.
constexpr size_t kQueriesOfPass = 64;

// The queries of a batch that are right, and where the answer to each goes.
struct BatchPlan {
  std::vector<RecommendQuery> queries;
  std::vector<v1::BatchRecommendResult*> places;  // [queries]
};

// What a query counts in a batch: its results, or the parts of their explanations. One whose k is out of
// range counts for nothing: it fails alone, later.
int64_t ResultsOf(const RecommendQuery& query) {
  const int64_t most = query.explain_parts > 0 ? kMaxExplainedResults : kMaxResults;
  if (query.k < 1 || query.k > most) return 0;
  return query.k * std::max(1, query.explain_parts);
}

absl::StatusOr<BatchPlan> PlanBatch(const v1::BatchRecommendRequest& request,
                                    v1::BatchRecommendResponse* response) {
  RIDGELINE_RETURN_IF_ERROR(CheckCount("requests", request.requests_size(), 1, kMaxRequestsInBatch));
  BatchPlan plan;
  int64_t results = 0;
  for (const v1::RecommendRequest& message : request.requests()) {
    v1::BatchRecommendResult* place = response->add_results();
    absl::StatusOr<RecommendQuery> query = FromProto(message);
    if (!query.ok()) {
      *place->mutable_error() = ToRpcStatus(query.status());
      continue;
    }
    results += ResultsOf(*query);
    plan.queries.push_back(*std::move(query));
    plan.places.push_back(place);
  }
  if (results > kMaxResultsInBatch) {
    return FieldError("requests",
                      absl::StrCat("may ask for at most ", kMaxResultsInBatch,
                                   " recommendations or parts of explanations together, got ", results));
  }
  return plan;
}

void SetResult(absl::StatusOr<v1::RecommendResponse> response, v1::BatchRecommendResult* place) {
  if (response.ok()) {
    *place->mutable_response() = *std::move(response);
  } else {
    *place->mutable_error() = ToRpcStatus(response.status());
  }
}

}  // namespace

RecommendationService::RecommendationService(Recommender* recommender, const SnapshotHolder* snapshots,
                                             const Catalog* catalog, Metrics* metrics, uint64_t process_nonce)
    : recommender_(recommender),
      snapshots_(snapshots),
      catalog_(catalog),
      metrics_(metrics),
      id_prefix_(absl::StrCat(absl::Hex(process_nonce, absl::kZeroPad16), "-")) {}

absl::StatusOr<v1::RecommendResponse> RecommendationService::Answer(const RecommendQuery& query) {
  return std::move(AnswerEach(absl::MakeConstSpan(&query, 1)).front());
}

RecommendationService::Responses RecommendationService::AnswerEach(absl::Span<const RecommendQuery> queries) {
  return AnswerEach(queries, snapshots_->All());
}

RecommendationService::Responses RecommendationService::AnswerEach(absl::Span<const RecommendQuery> queries,
                                                                   const ServedModels& served) {
  ScanStatistics statistics;
  auto results = recommender_->RecommendEach(queries, served, &statistics);
  metrics_->ObserveScans(statistics);
  Responses responses;
  responses.reserve(results.size());
  for (absl::StatusOr<RecommendResult>& result : results) responses.push_back(Finish(std::move(result)));
  return responses;
}

bool RecommendationService::IsPlain(const RecommendQuery& query) {
  return query.k <= kMaxPlainResults && query.explain_parts == 0 && query.diversity == 0.0f &&
         query.boosts.empty() && query.tag_caps.empty() && query.exploration.scale == 0.0f;
}

absl::StatusOr<v1::BatchRecommendResponse> RecommendationService::BatchRecommend(
    const v1::BatchRecommendRequest& request, const CallInfo& call) {
  v1::BatchRecommendResponse response;
  RIDGELINE_ASSIGN_OR_RETURN(const BatchPlan plan, PlanBatch(request, &response));
  const ServedModels served = snapshots_->All();  // one version an arm for all
  if (served.live == nullptr) return absl::FailedPreconditionError("no model is loaded");
  const auto queries = absl::MakeConstSpan(plan.queries);
  for (size_t first = 0; first < queries.size(); first += kQueriesOfPass) {
    RIDGELINE_RETURN_IF_ERROR(call.CheckAlive());
    Responses answers = AnswerEach(queries.subspan(first, kQueriesOfPass), served);
    for (size_t i = 0; i < answers.size(); ++i) SetResult(std::move(answers[i]), plan.places[first + i]);
  }
  return response;
}

absl::StatusOr<v1::SimilarItemsResponse> RecommendationService::SimilarItems(
    const v1::SimilarItemsRequest& request, const CallInfo& /*call*/) {
  RIDGELINE_ASSIGN_OR_RETURN(const SimilarQuery query, FromProto(request));
  RIDGELINE_ASSIGN_OR_RETURN(SimilarResult result, recommender_->SimilarItems(query));
  return ToSimilarItems(std::move(result));
}

absl::StatusOr<v1::SimilarUsersResponse> RecommendationService::SimilarUsers(
    const v1::SimilarUsersRequest& request, const CallInfo& /*call*/) {
  RIDGELINE_ASSIGN_OR_RETURN(SimilarResult result, recommender_->SimilarUsers(FromProto(request)));
  return ToSimilarUsers(std::move(result));
}

absl::StatusOr<v1::ScoreItemsResponse> RecommendationService::ScoreItems(const v1::ScoreItemsRequest& request,
                                                                         const CallInfo& /*call*/) {
  RIDGELINE_ASSIGN_OR_RETURN(const ScoreItemsQuery query, FromProto(request));
  RIDGELINE_ASSIGN_OR_RETURN(ScoreItemsResult result,
                             recommender_->ScoreItems(query.subject, query.item_ids));
  v1::ScoreItemsResponse response = ToProto(std::move(result));
  const std::vector<absl::string_view> ids(request.item_ids().begin(), request.item_ids().end());
  std::vector<std::string> titles = catalog_->Titles(ids);
  for (size_t i = 0; i < titles.size(); ++i) response.mutable_scores(i)->set_title(std::move(titles[i]));
  return response;
}

absl::StatusOr<v1::ExplainResponse> RecommendationService::Explain(const v1::ExplainRequest& request,
                                                                   const CallInfo& /*call*/) {
  RIDGELINE_ASSIGN_OR_RETURN(const ExplainQuery query, FromProto(request));
  RIDGELINE_ASSIGN_OR_RETURN(ExplainResult result, recommender_->Explain(query.subject, query.item_id));
  v1::ExplainResponse response = ToProto(std::move(result), query.max_parts);
  const absl::string_view id = query.item_id;
  response.set_item_id(query.item_id);
  response.set_title(catalog_->Titles(absl::MakeConstSpan(&id, 1)).front());
  return response;
}

absl::StatusOr<v1::RecommendResponse> RecommendationService::Finish(absl::StatusOr<RecommendResult> result) {
  if (!result.ok()) return result.status();
  metrics_->ObserveRecommendation(result->times, result->source, result->arm);
  std::string id = NextRecommendationId(*result);
  v1::RecommendResponse response = ToProto(*std::move(result));
  response.set_recommendation_id(std::move(id));
  return response;
}

std::string RecommendationService::NextRecommendationId(const RecommendResult& result) {
  const uint64_t answer = answers_.fetch_add(1, std::memory_order_relaxed) + 1;
  return MakeRecommendationId(absl::StrCat(id_prefix_, answer), result.model_version, result.source);
}

}  // namespace ridgeline
