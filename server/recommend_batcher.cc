#include "server/recommend_batcher.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/status_macros.h"
#include "core/serving/recommendation.h"
#include "server/recommend_request_reader.h"
#include "server/rpc_codec.h"

namespace ridgeline {
namespace {

// Calls and what they ask for, side by side.
struct Queried {
  std::vector<UnaryCall*> calls;
  std::vector<RecommendQuery> queries;  // [calls]

  void Add(UnaryCall* call, RecommendQuery query) {
    calls.push_back(call);
    queries.push_back(std::move(query));
  }
};

void End(UnaryCall* call, const absl::StatusOr<v1::RecommendResponse>& response) {
  call->End(response.ok() ? SerializeMessage(*response, call->response()) : response.status());
}

absl::StatusOr<v1::RecommendResponse> AnswerAlone(RecommendationService* service, const UnaryCall& call,
                                                  const RecommendQuery& query) {
  RIDGELINE_RETURN_IF_ERROR(call.info().CheckAlive());
  return service->Answer(query);
}

}  // namespace

void RecommendBatcher::Answer(absl::Span<UnaryCall* const> calls) {
  RecommendRequestReader reader;
  Queried plain;
  Queried others;
  for (UnaryCall* call : calls) {
    absl::StatusOr<RecommendQuery> query = reader.Read(call->request());
    if (!query.ok()) {
      call->End(query.status());
    } else {
      (RecommendationService::IsPlain(*query) ? plain : others).Add(call, *std::move(query));
    }
  }
  const auto responses = service_->AnswerEach(plain.queries);
  for (size_t i = 0; i < responses.size(); ++i) End(plain.calls[i], responses[i]);
  for (size_t i = 0; i < others.calls.size(); ++i) {
    End(others.calls[i], AnswerAlone(service_, *others.calls[i], others.queries[i]));
  }
}

}  // namespace ridgeline
