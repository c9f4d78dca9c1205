#ifndef RIDGELINE_CORE_SERVING_SERVED_MODELS_H_
#define RIDGELINE_CORE_SERVING_SERVED_MODELS_H_

#include <memory>

#include "core/model/experiment.h"
#include "core/serving/recommendation.h"
#include "core/serving/serving_snapshot.h"

namespace ridgeline {

/// The candidate of an experiment, loaded. Immutable.
struct Candidate {
  Experiment experiment;
  std::shared_ptr<const ServingSnapshot> snapshot;  ///< of experiment.candidate_version, not null
};

/// The models that answer at one moment: a request or a batch takes them once and keeps to them. A plain
/// value.
struct ServedModels {
  std::shared_ptr<const ServingSnapshot> live;  ///< null before the first model
  std::shared_ptr<const Candidate> candidate;   ///< null while no experiment runs

  /// The arm that `subject` is in. Users are split by the experiment; a history or a vector has no id to be
  /// split by, and gets the live model.
  Arm ArmOf(const Subject& subject) const;

  /// The arm that answers `query`: that of its page token's model version where this is served, so that pages
  /// go on when an experiment begins between them; else that of its subject.
  Arm ArmOf(const RecommendQuery& query) const;

  /// The model of an arm that somebody is in; null before the first model.
  const std::shared_ptr<const ServingSnapshot>& Of(Arm arm) const;

  /// The model that answers `subject`; null before the first model.
  const std::shared_ptr<const ServingSnapshot>& For(const Subject& subject) const {
    return Of(ArmOf(subject));
  }
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_SERVED_MODELS_H_
