#ifndef RIDGELINE_SERVER_PAGE_TOKEN_H_
#define RIDGELINE_SERVER_PAGE_TOKEN_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ridgeline {

/// Where a page ends even if it has fewer elements than asked for: a client takes messages of 4 MiB by
/// default.
inline constexpr size_t kMaxPageBytes = 3 << 20;

/// An opaque token for the page after `position`, in lists of the kind `list`.
std::string EncodePageToken(absl::string_view list, absl::string_view position);

/// The position in a token; "" when the token is empty. kInvalidArgument naming page_token when it is not one
/// that EncodePageToken made for `list`.
absl::StatusOr<std::string> DecodePageToken(absl::string_view list, absl::string_view token);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_PAGE_TOKEN_H_
