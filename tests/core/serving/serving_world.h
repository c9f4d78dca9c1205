#ifndef RIDGELINE_TESTS_CORE_SERVING_SERVING_WORLD_H_
#define RIDGELINE_TESTS_CORE_SERVING_SERVING_WORLD_H_

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/serving/recommender.h"
#include "tests/core/retrieval/random_model.h"
#include "tests/core/serving/fake_catalog.h"
#include "tests/core/serving/fake_interaction_log.h"

namespace ridgeline {

/// What a random model to be served is like.
struct ServedModel {
  Feedback feedback = Feedback::kImplicit;
  size_t users = 20;
  size_t items = 50;
  int factors = 4;
  uint64_t seed = 1;
  uint64_t trained_through_sequence = 0;
  std::string version = "v000001";
  EventWeight event_weight = {};
  bool non_negative = false;
};

inline void MakeNonNegative(FactorModelParts& parts) {
  for (float& factor : parts.users.values) factor = std::abs(factor);
  for (float& factor : parts.items.values) factor = std::abs(factor);
}

inline StoredModel MakeStoredModel(const ServedModel& served) {
  FactorModelParts parts =
      RandomModelParts(served.seed, served.users, served.items, served.factors, Numbers::kNormal);
  parts.hyperparameters.feedback = served.feedback;
  parts.hyperparameters.event_weight = served.event_weight;
  parts.hyperparameters.non_negative = served.non_negative;
  if (served.non_negative) MakeNonNegative(parts);
  parts.global_mean = served.feedback == Feedback::kExplicit ? 3.5 : 0.0;
  StoredModel stored;
  stored.model = FactorModel::Create(std::move(parts)).value();
  stored.info.version = served.version;
  stored.info.trained_through_sequence = served.trained_through_sequence;
  return stored;
}

/// A snapshot of a random model, with no catalogue.
inline std::shared_ptr<const ServingSnapshot> MakeSnapshot(const std::string& version = "v000001",
                                                           uint64_t seed = 1) {
  FakeCatalog catalog;
  return ServingSnapshot::Create(MakeStoredModel({.seed = seed, .version = version}), catalog);
}

/// A candidate against version v000001 that gets `share` of the users.
inline std::shared_ptr<const Candidate> MakeCandidate(std::shared_ptr<const ServingSnapshot> snapshot,
                                                      double share) {
  Candidate candidate;
  candidate.experiment.id = "split";
  candidate.experiment.live_version = "v000001";
  candidate.experiment.candidate_version = snapshot->version();
  candidate.experiment.share = share;
  candidate.snapshot = std::move(snapshot);
  return std::make_shared<const Candidate>(std::move(candidate));
}

/// A recommender with everything that it needs, in memory. Nothing is live before Serve.
struct ServingWorld {
  void Serve(const ServedModel& served) {
    snapshots.Swap(ServingSnapshot::Create(MakeStoredModel(served), catalog));
  }

  /// A query of user `user_id`.
  static RecommendQuery QueryOf(const std::string& user_id, int64_t k = 10) {
    RecommendQuery query;
    query.subject = UserSubject{user_id};
    query.k = k;
    return query;
  }

  FakeInteractionLog log;
  FakeCatalog catalog;
  SnapshotHolder snapshots;
  Recommender recommender{&snapshots, &log, &catalog, 1000};
};

inline std::vector<std::string> IdsOf(const std::vector<Recommendation>& recommendations) {
  std::vector<std::string> ids;
  for (const Recommendation& recommendation : recommendations) ids.push_back(recommendation.item_id);
  return ids;
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_SERVING_SERVING_WORLD_H_
