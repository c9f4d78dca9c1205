#include "client/api_key.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace ridgeline {

absl::Status ValidateApiKey(const std::string& key) {
  if (std::all_of(key.begin(), key.end(), absl::ascii_isgraph)) return absl::OkStatus();
  return absl::InvalidArgumentError("api_key: must be visible ASCII characters without spaces");
}

void SetApiKey(grpc::ClientContext& context, const std::string& key) {
  if (!key.empty()) context.AddMetadata("authorization", absl::StrCat("Bearer ", key));
}

}  // namespace ridgeline
