#include "client/cli/tag_cap.h"

#include <cstdint>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/cli/exit_code.h"

namespace ridgeline {

absl::StatusOr<v1::TagCap> ParseTagCap(absl::string_view text) {
  const absl::Status wrong =
      UsageError(absl::StrCat("--tag-cap: expected TAG=COUNT or PREFIX*=COUNT, got ", text));
  const size_t at = text.rfind('=');
  int32_t count = 0;
  if (at == absl::string_view::npos || !absl::SimpleAtoi(text.substr(at + 1), &count)) return wrong;
  absl::string_view target = text.substr(0, at);
  if (target.empty()) return wrong;
  v1::TagCap cap;
  cap.set_max_count(count);
  if (absl::ConsumeSuffix(&target, "*")) {
    cap.set_tag_prefix(std::string(target));
  } else {
    cap.set_tag(std::string(target));
  }
  return cap;
}

}  // namespace ridgeline
