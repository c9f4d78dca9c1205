#ifndef RIDGELINE_CORE_LAB_RANKING_OPTIONS_H_
#define RIDGELINE_CORE_LAB_RANKING_OPTIONS_H_

#include "core/evaluation/evaluator.h"

namespace ridgeline {

/// `options` for a model that ranks but predicts no ratings.
inline EvaluationOptions WithoutErrors(EvaluationOptions options) {
  options.rmse = false;
  options.mae = false;
  return options;
}

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_RANKING_OPTIONS_H_
