#include "server/recommendation_service.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "server/convert_recommendation_request.h"
#include "server/convert_recommendation_response.h"
#include "server/rpc_status.h"
#include "server/validation.h"

namespace ridgeline {
namespace {

// The queries of a batch that are right, and where the answer to each goes.
struct BatchPlan {
  std::vector<RecommendQuery> queries;
  std::vector<v1::BatchRecommendResult*> places;  // [queries]
};

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
    if (query->k >= 1 && query->k <= kMaxResults) results += query->k;  // any other k fails alone, later
    plan.queries.push_back(*std::move(query));
    plan.places.push_back(place);
  }
  if (results > kMaxResultsInBatch) {
    return FieldError("requests", absl::StrCat("may ask for at most ", kMaxResultsInBatch,
                                               " recommendations together, got ", results));
  }
  return plan;
}

}  // namespace

RecommendationService::RecommendationService(Recommender* recommender, const SnapshotHolder* snapshots,
                                             const Catalog* catalog, Metrics* metrics, uint64_t process_nonce)
    : recommender_(recommender),
      snapshots_(snapshots),
      catalog_(catalog),
      metrics_(metrics),
      id_prefix_(absl::StrCat(absl::Hex(process_nonce, absl::kZeroPad16), "-")) {}

absl::StatusOr<v1::RecommendResponse> RecommendationService::Recommend(const v1::RecommendRequest& request,
                                                                       const CallInfo& /*call*/) {
  RIDGELINE_ASSIGN_OR_RETURN(const RecommendQuery query, FromProto(request));
  RIDGELINE_ASSIGN_OR_RETURN(RecommendResult result, recommender_->Recommend(query));
  return Finish(std::move(result));
}

absl::StatusOr<v1::BatchRecommendResponse> RecommendationService::BatchRecommend(
    const v1::BatchRecommendRequest& request, const CallInfo& call) {
  v1::BatchRecommendResponse response;
  RIDGELINE_ASSIGN_OR_RETURN(const BatchPlan plan, PlanBatch(request, &response));
  const std::shared_ptr<const ServingSnapshot> snapshot = snapshots_->Get();  // one version for all
  if (snapshot == nullptr) return absl::FailedPreconditionError("no model is loaded");
  for (size_t i = 0; i < plan.queries.size(); ++i) {
    RIDGELINE_RETURN_IF_ERROR(call.CheckAlive());
    absl::StatusOr<RecommendResult> result = recommender_->Recommend(plan.queries[i], snapshot);
    if (result.ok()) {
      *plan.places[i]->mutable_response() = Finish(*std::move(result));
    } else {
      *plan.places[i]->mutable_error() = ToRpcStatus(result.status());
    }
  }
  return response;
}

absl::StatusOr<v1::SimilarItemsResponse> RecommendationService::SimilarItems(
    const v1::SimilarItemsRequest& request, const CallInfo& /*call*/) {
  RIDGELINE_ASSIGN_OR_RETURN(SimilarResult result, recommender_->SimilarItems(FromProto(request)));
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

v1::RecommendResponse RecommendationService::Finish(RecommendResult result) {
  metrics_->ObserveRecommendation(result.times, result.source);
  v1::RecommendResponse response = ToProto(std::move(result));
  response.set_recommendation_id(NextRecommendationId());
  return response;
}

std::string RecommendationService::NextRecommendationId() {
  return absl::StrCat(id_prefix_, answers_.fetch_add(1, std::memory_order_relaxed) + 1);
}

}  // namespace ridgeline
