#include "server/validation.h"

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/interactions/interaction.h"

namespace ridgeline {
namespace {

constexpr int64_t kDefaultPageSize = 100;

}  // namespace

absl::Status FieldError(absl::string_view field, absl::string_view description) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": ", description));
}

absl::Status Within(absl::string_view parent, const absl::Status& status) {
  if (!absl::IsInvalidArgument(status)) return status;
  return absl::InvalidArgumentError(absl::StrCat(parent, ".", status.message()));
}

absl::Status CheckCount(absl::string_view field, int64_t count, int64_t least, int64_t most) {
  if (count >= least && count <= most) return absl::OkStatus();
  return FieldError(field, absl::StrCat("must have ", least, " to ", most, " elements, got ", count));
}

absl::Status CheckRange(absl::string_view field, int64_t value, int64_t least, int64_t most) {
  if (value >= least && value <= most) return absl::OkStatus();
  return FieldError(field, absl::StrCat("must be between ", least, " and ", most, ", got ", value));
}

absl::Status CheckIds(absl::string_view field, const google::protobuf::RepeatedPtrField<std::string>& ids,
                      int64_t most) {
  RIDGELINE_RETURN_IF_ERROR(CheckCount(field, ids.size(), 0, most));
  for (int i = 0; i < ids.size(); ++i) {
    if (ValidateId("", ids[i]).ok()) continue;
    return ValidateId(absl::StrCat(field, "[", i, "]"), ids[i]);
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> ResolvePageSize(int64_t page_size, int64_t most) {
  if (page_size == 0) return kDefaultPageSize;
  RIDGELINE_RETURN_IF_ERROR(CheckRange("page_size", page_size, 1, most));
  return page_size;
}

}  // namespace ridgeline
