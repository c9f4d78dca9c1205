#ifndef RIDGELINE_CLIENT_CLI_TAG_CAP_H_
#define RIDGELINE_CLIENT_CLI_TAG_CAP_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ridgeline/v1/recommendation_service.pb.h"

namespace ridgeline {

/// Reads a cap: TAG=COUNT, or PREFIX*=COUNT for every tag that begins with PREFIX, which may be empty. The
/// last "=" counts, so tags may contain it. A usage error when the text is neither.
absl::StatusOr<v1::TagCap> ParseTagCap(absl::string_view text);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_TAG_CAP_H_
