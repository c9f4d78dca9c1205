#ifndef RIDGELINE_SERVER_RECOMMEND_BATCHER_H_
#define RIDGELINE_SERVER_RECOMMEND_BATCHER_H_

#include "absl/types/span.h"
#include "server/batch_method.h"
#include "server/recommendation_service.h"
#include "server/unary_call.h"

namespace ridgeline {

/// Answers calls of Recommend that were taken together: the plain ones from one pass over the items, then,
/// when those have their answers, the others one after another. Thread-safe.
class RecommendBatcher final : public BatchHandler {
 public:
  /// `service` must outlive the batcher.
  explicit RecommendBatcher(RecommendationService* service) : service_(service) {}

  void Answer(absl::Span<UnaryCall* const> calls) override;

 private:
  RecommendationService* const service_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_RECOMMEND_BATCHER_H_
