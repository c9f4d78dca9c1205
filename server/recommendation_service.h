#ifndef RIDGELINE_SERVER_RECOMMENDATION_SERVICE_H_
#define RIDGELINE_SERVER_RECOMMENDATION_SERVICE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/catalog/catalog.h"
#include "core/serving/recommender.h"
#include "core/serving/snapshot_holder.h"
#include "ridgeline/v1/recommendation_service.pb.h"
#include "server/call_info.h"
#include "server/metrics.h"

namespace ridgeline {

/// Most requests in a batch, and most recommendations that they may ask for together; one that is explained
/// counts as many times as its explanation may have parts.
inline constexpr int64_t kMaxRequestsInBatch = 1'000;
inline constexpr int64_t kMaxResultsInBatch = 100'000;

/// The methods of ridgeline.v1.RecommendationService; recommendation_service.proto says what each does and
/// which errors it gives. Thread-safe.
class RecommendationService {
 public:
  /// The pointers must outlive the service. `process_nonce` makes recommendation ids of different processes
  /// differ.
  RecommendationService(Recommender* recommender, const SnapshotHolder* snapshots, const Catalog* catalog,
                        Metrics* metrics, uint64_t process_nonce);

  /// Recommend, of a request that was read already.
  absl::StatusOr<v1::RecommendResponse> Answer(const RecommendQuery& query);

  /// The same for calls that a thread took together, [queries]: from one version an arm, in
  /// shared passes over the items.
  using Responses = std::vector<absl::StatusOr<v1::RecommendResponse>>;
  Responses AnswerEach(absl::Span<const RecommendQuery> queries);

  /// Whether `query` costs about one pass over the items, so that it may be answered with others: few
  /// results, and nothing to explain, diversify, boost, cap or explore.
  static bool IsPlain(const RecommendQuery& query);

  absl::StatusOr<v1::BatchRecommendResponse> BatchRecommend(const v1::BatchRecommendRequest& request,
                                                            const CallInfo& call);
  absl::StatusOr<v1::SimilarItemsResponse> SimilarItems(const v1::SimilarItemsRequest& request,
                                                        const CallInfo& call);
  absl::StatusOr<v1::SimilarUsersResponse> SimilarUsers(const v1::SimilarUsersRequest& request,
                                                        const CallInfo& call);
  absl::StatusOr<v1::ScoreItemsResponse> ScoreItems(const v1::ScoreItemsRequest& request,
                                                    const CallInfo& call);
  absl::StatusOr<v1::ExplainResponse> Explain(const v1::ExplainRequest& request, const CallInfo& call);

 private:
  Responses AnswerEach(absl::Span<const RecommendQuery> queries, const ServedModels& served);
  absl::StatusOr<v1::RecommendResponse> Finish(absl::StatusOr<RecommendResult> result);
  std::string NextRecommendationId(const RecommendResult& result);

  Recommender* const recommender_;
  const SnapshotHolder* const snapshots_;
  const Catalog* const catalog_;
  Metrics* const metrics_;
  const std::string id_prefix_;
  std::atomic<uint64_t> answers_{0};
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_RECOMMENDATION_SERVICE_H_
