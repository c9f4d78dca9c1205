#include "server/page_token.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/validation.h"

namespace ridgeline {

std::string EncodePageToken(absl::string_view list, absl::string_view position) {
  return absl::WebSafeBase64Escape(absl::StrCat(list, ":", position));
}

absl::StatusOr<std::string> DecodePageToken(absl::string_view list, absl::string_view token) {
  if (token.empty()) return std::string();
  std::string decoded;
  absl::string_view position;
  if (absl::WebSafeBase64Unescape(token, &decoded)) {
    position = decoded;
    if (absl::ConsumePrefix(&position, absl::StrCat(list, ":")) && !position.empty()) {
      return std::string(position);
    }
  }
  return FieldError("page_token", "is not the next_page_token of an answer of this method");
}

}  // namespace ridgeline
