#ifndef RIDGELINE_TESTS_CORE_MODEL_SMALL_MODEL_H_
#define RIDGELINE_TESTS_CORE_MODEL_SMALL_MODEL_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/model/factor_model.h"
#include "core/model/model_file.h"

namespace ridgeline {

inline std::shared_ptr<const IdMap> MakeIds(const std::vector<std::string>& ids) {
  return std::make_shared<const IdMap>(IdMap::FromIds(ids).value());
}

/// The parts of a model of 2 users, 3 items and K = 2, explicit. Every number is exact in float32.
inline FactorModelParts SmallModelParts() {
  FactorModelParts parts;
  // All of them are given, so that the golden files do not depend on today's defaults.
  parts.hyperparameters = {.feedback = Feedback::kExplicit,
                           .factors = 2,
                           .regularization = 0.05,
                           .bias_regularization = 0.05,
                           .regularization_scaling = RegularizationScaling::kFrequency,
                           .frequency_exponent = 1.0,
                           .unobserved_weight = 0.1,
                           .confidence_scale = 1.0,
                           .confidence_form = ConfidenceForm::kIals};
  parts.global_mean = 3.5;
  parts.user_ids = MakeIds({"ann", "bob"});
  parts.item_ids = MakeIds({"apple", "pear", "pl\xC3\xBCm"});
  parts.users = {2, {1.0f, 0.5f, -0.25f, 2.0f}, {0.125f, -0.5f}};
  parts.items = {2, {0.5f, 1.0f, -1.5f, 0.25f, 0.0f, 0.0f}, {0.25f, -0.125f, 0.0f}};
  parts.item_popularity = {2.0f, 1.0f, 0.0f};
  return parts;
}

inline std::shared_ptr<const FactorModel> SmallModel() {
  return FactorModel::Create(SmallModelParts()).value();
}

/// What SmallModel came from.
inline ModelInfo SmallModelInfo() {
  ModelInfo info;
  info.version = "v000007";
  info.algorithm = "als";
  info.create_time = absl::FromUnixMillis(1'700'000'000'123);
  info.interactions = 3;
  info.trained_through_sequence = 42;
  info.iterations = 5;
  info.seed = 18'446'744'073'709'551'615u;
  info.metrics = {{"objective", 1.5}, {"validation_ndcg@20", 0.1}};
  return info;
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_MODEL_SMALL_MODEL_H_
