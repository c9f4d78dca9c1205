#ifndef RIDGELINE_SERVER_VALIDATION_H_
#define RIDGELINE_SERVER_VALIDATION_H_

#include <google/protobuf/repeated_ptr_field.h>

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ridgeline {

// Checks of request fields. Each returns OK or kInvalidArgument "field: what it must be, what it is", where
// `field` is the proto path from the request's root.

/// kInvalidArgument "field: description".
absl::Status FieldError(absl::string_view field, absl::string_view description);

/// Puts `parent` in front of the field that a kInvalidArgument `status` names: "a: bad" within "b" is "b.a:
/// bad". Any other status stays as it is.
absl::Status Within(absl::string_view parent, const absl::Status& status);

/// `count` is a list's length.
absl::Status CheckCount(absl::string_view field, int64_t count, int64_t least, int64_t most);

absl::Status CheckRange(absl::string_view field, int64_t value, int64_t least, int64_t most);

/// Every element is a valid id and there are at most `most` of them.
absl::Status CheckIds(absl::string_view field, const google::protobuf::RepeatedPtrField<std::string>& ids,
                      int64_t most);

/// What a list method's `page_size` means: 100 when 0. kInvalidArgument when negative or above `most`.
absl::StatusOr<int64_t> ResolvePageSize(int64_t page_size, int64_t most);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_VALIDATION_H_
