#ifndef RIDGELINE_CORE_SERVING_USER_STATE_H_
#define RIDGELINE_CORE_SERVING_USER_STATE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/als/history.h"
#include "core/interactions/packed_history.h"
#include "core/model/factor_model.h"
#include "core/serving/recommendation.h"

namespace ridgeline {

/// What is known of somebody under one model version. A plain value.
struct UserState {
  std::string model_version;
  History history;  ///< rows of that model, aggregated
  std::vector<uint32_t>
      unweighed_rows;  ///< items met with a weight that is no evidence: seen, but not folded in
  UserVector vector;   ///< empty when source is kPopular
  RecommendationSource source = RecommendationSource::kPopular;
  uint64_t log_generation = 0;                  ///< InteractionLog::generation() when the log was read
  std::shared_ptr<const PackedHistory> logged;  ///< what was read there; null when not to be kept
  bool known = false;  ///< the model, the log or the request tells something, be it about unknown items only
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_USER_STATE_H_
