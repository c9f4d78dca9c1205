#include <string>

#include "absl/strings/str_cat.h"
#include "server/server_options.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/memory_file.h"

namespace ridgeline {
namespace {

template <typename Number>
bool IsIn(Number least, Number value, Number most) {
  return least <= value && value <= most;
}

void RequireInRange(const ServerOptions& options) {
  const RetrainerOptions& retrainer = options.retrainer;
  Require(ValidateHyperparameters(retrainer.als.hyperparameters).ok(),
          "hyperparameters that are taken are valid");
  Require(IsIn(0, options.serving_threads, 1024), "serving_threads is in its range");
  Require(IsIn(1, options.max_queue, 1'000'000), "max_queue is in its range");
  Require(IsIn<int64_t>(0, options.cached_users, 1'000'000'000), "cached_users is in its range");
  Require(options.drain_timeout >= absl::ZeroDuration() && options.drain_timeout < absl::InfiniteDuration(),
          "drain_timeout is in its range");
  Require(options.reload_interval >= absl::Milliseconds(1), "reload_interval is in its range");
  Require(options.tls.certificate.empty() == options.tls.key.empty(), "a certificate comes with its key");
  Require(IsIn(1, retrainer.als.iterations, 10'000), "iterations is in its range");
  Require(IsIn(1, retrainer.warm_iterations, 10'000), "warm_iterations is in its range");
  Require(IsIn(0, retrainer.threads, 1024), "training_threads is in its range");
  Require(retrainer.trigger_interactions >= 0, "retrain_after_interactions is in its range");
  Require(retrainer.trigger_interval >= absl::ZeroDuration(), "retrain_every is in its range");
  Require(IsIn(1, retrainer.keep_versions, 1'000'000), "keep_versions is in its range");
  Require(IsIn(0.0, retrainer.validation_fraction, 0.5), "validation_fraction is in its range");
  Require(IsIn(0.0, retrainer.validation_tolerance, 1.0), "validation_tolerance is in its range");
}

// A configuration file gives options in their ranges, or an error in one line.
RIDGELINE_FUZZ_TARGET(server_options) {
  static MemoryFile& file = *new MemoryFile();
  file.Write(input);
  const std::string config = absl::StrCat("--config=", file.path());
  const char* const arguments[] = {"ridgeline-server", config.c_str()};
  const absl::StatusOr<CommandLine> line = ParseCommandLine(2, arguments);
  RequireExplained(line.status());
  if (!line.ok()) return;
  Require(!line->text.has_value(), "a file asks for no help");
  RequireInRange(line->options);
}

}  // namespace
}  // namespace ridgeline
