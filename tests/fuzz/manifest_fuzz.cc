#include <string>

#include "core/model/manifest.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/signed_manifest.h"

namespace ridgeline {
namespace {

void CheckManifest(absl::string_view text) {
  const absl::StatusOr<Manifest> manifest = ParseManifest(text);
  RequireExplained(manifest.status());
  if (!manifest.ok()) return;
  Require(ValidateHyperparameters(manifest->info.hyperparameters).ok(),
          "hyperparameters of a manifest are valid");
  const absl::StatusOr<std::string> written = FormatManifest(*manifest);
  Require(written.ok() && *written == text, "a manifest is read only if it is what is written, byte by byte");
}

// As it came, and with the checksum that lets it past the first check.
RIDGELINE_FUZZ_TARGET(manifest) {
  CheckManifest(input);
  CheckManifest(SignedManifest(input));
}

}  // namespace
}  // namespace ridgeline
