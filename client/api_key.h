#ifndef RIDGELINE_CLIENT_API_KEY_H_
#define RIDGELINE_CLIENT_API_KEY_H_

#include <string>

#include "absl/status/status.h"
#include "grpcpp/client_context.h"

namespace ridgeline {

/// Whether `key` can be sent: visible ASCII without spaces, or empty for none. kInvalidArgument, which does
/// not repeat it, otherwise.
absl::Status ValidateApiKey(const std::string& key);

/// Sends `key` with the call of `context`; nothing when it is empty.
void SetApiKey(grpc::ClientContext& context, const std::string& key);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_API_KEY_H_
