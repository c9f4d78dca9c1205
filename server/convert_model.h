#ifndef RIDGELINE_SERVER_CONVERT_MODEL_H_
#define RIDGELINE_SERVER_CONVERT_MODEL_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/als/als_trainer.h"
#include "core/model/experiment.h"
#include "core/model/hyperparameters.h"
#include "core/model/model_file.h"
#include "ridgeline/v1/model.pb.h"

namespace ridgeline {

/// Every field that the feedback kind uses is set.
v1::Hyperparameters ToProto(const Hyperparameters& hyperparameters);

/// `base` with what `overrides` sets in place of its own. kInvalidArgument naming "hyperparameters.field"
/// when a value is out of range or its enumerator is not known.
absl::StatusOr<Hyperparameters> Override(const Hyperparameters& base, const v1::Hyperparameters& overrides);

v1::Experiment ToProto(const Experiment& experiment);

/// `live_version` is the version that answers now, "" for none.
v1::Model ToProto(const ModelInfo& info, absl::string_view live_version);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_CONVERT_MODEL_H_
