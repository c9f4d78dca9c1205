#include <cmath>
#include <string>

#include "absl/strings/escaping.h"
#include "core/base/checksum.h"
#include "core/serving/page_token.h"
#include "tests/fuzz/fuzz_target.h"

namespace ridgeline {
namespace {

void CheckToken(absl::string_view text) {
  const absl::StatusOr<PageToken> token = DecodePageToken(text);
  RequireExplained(token.status());
  if (!token.ok()) return;
  Require(!std::isnan(token->last.score), "a page ends at a score that can be compared");
  Require(EncodePageToken(*token) == text, "a token has one spelling");
}

// `bytes` with the checksum that lets them past the first check.
std::string Signed(absl::string_view bytes) {
  const uint64_t checksum = Checksum64(bytes);
  std::string whole(bytes);
  for (int i = 0; i < 8; ++i) whole.push_back(static_cast<char>(checksum >> (8 * i)));
  return absl::WebSafeBase64Escape(whole);
}

// The token of a page of recommendations: as it came, and as one sends it who knows the format.
RIDGELINE_FUZZ_TARGET(recommendation_page_token) {
  CheckToken(input);
  CheckToken(Signed(input));
}

}  // namespace
}  // namespace ridgeline
