#include <tuple>

#include "core/model/experiment.h"
#include "tests/fuzz/fuzz_target.h"

namespace ridgeline {
namespace {

// An experiment's file gives a valid experiment, which is the same written and read again.
RIDGELINE_FUZZ_TARGET(experiment) {
  const absl::StatusOr<Experiment> experiment = ParseExperiment(input);
  RequireExplained(experiment.status());
  if (!experiment.ok()) return;
  Require(ValidateExperiment(*experiment).ok(), "an experiment that is read is valid");
  const absl::StatusOr<Experiment> again = ParseExperiment(EncodeExperiment(*experiment));
  Require(again.ok(), "what was read can be written and read");
  const auto fields = [](const Experiment& e) {
    return std::tie(e.id, e.live_version, e.candidate_version, e.share, e.start_time);
  };
  Require(fields(*again) == fields(*experiment), "an experiment is the same, written and read again");
}

}  // namespace
}  // namespace ridgeline
