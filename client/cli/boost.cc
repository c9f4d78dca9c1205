#include "client/cli/boost.h"

#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/cli/exit_code.h"

namespace ridgeline {
namespace {

bool SetTarget(absl::string_view text, v1::Boost& boost) {
  if (absl::ConsumePrefix(&text, "tag:")) {
    boost.set_tag(std::string(text));
  } else if (absl::ConsumePrefix(&text, "item:")) {
    boost.set_item_id(std::string(text));
  }
  return !text.empty() && boost.target_case() != v1::Boost::TARGET_NOT_SET;
}

}  // namespace

absl::StatusOr<v1::Boost> ParseBoost(absl::string_view text) {
  const absl::Status wrong = UsageError(
      absl::StrCat("--boost: expected tag:TAG*FACTOR, tag:TAG+SUMMAND or the same with item:ID, got ", text));
  const size_t at = text.find_last_of("*+");
  v1::Boost boost;
  float amount = 0;
  if (at == absl::string_view::npos || !absl::SimpleAtof(text.substr(at + 1), &amount)) return wrong;
  if (!SetTarget(text.substr(0, at), boost)) return wrong;
  if (text[at] == '*') {
    boost.set_multiply(amount);
  } else {
    boost.set_add(amount);
  }
  return boost;
}

}  // namespace ridgeline
