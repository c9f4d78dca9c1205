#ifndef RIDGELINE_CLIENT_ADDRESS_LIST_H_
#define RIDGELINE_CLIENT_ADDRESS_LIST_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ridgeline {

/// The servers that "HOST:PORT,HOST:PORT" names, one or more, in order. Each may be any gRPC target without a
/// comma of its own; space around it does not count. kInvalidArgument when one of them is empty.
absl::StatusOr<std::vector<std::string>> ParseAddressList(absl::string_view text);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_ADDRESS_LIST_H_
