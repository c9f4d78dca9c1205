#ifndef RIDGELINE_CORE_ALS_CONFIDENCE_H_
#define RIDGELINE_CORE_ALS_CONFIDENCE_H_

#include <cmath>

#include "core/model/hyperparameters.h"

namespace ridgeline {

/// The weight c of an observed `value`, above 0, in an implicit model; see ConfidenceScaling.
inline double Confidence(const Hyperparameters& hyperparameters, double value) {
  if (hyperparameters.confidence_scaling == ConfidenceScaling::kLinear) {
    return hyperparameters.confidence_scale * value;
  }
  return hyperparameters.confidence_scale * std::log1p(value / hyperparameters.confidence_epsilon);
}

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_ALS_CONFIDENCE_H_
