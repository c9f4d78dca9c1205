#include <string>

#include "server/page_token.h"
#include "tests/fuzz/fuzz_target.h"

namespace ridgeline {
namespace {

// The token of a page of a list: what is read names a position in this list and in no other.
RIDGELINE_FUZZ_TARGET(list_page_token) {
  const absl::StatusOr<std::string> position = DecodePageToken("items", input);
  RequireExplained(position.status());
  if (position.ok()) {
    Require(position->empty() == input.empty(), "only no token is no position");
    const absl::StatusOr<std::string> again = DecodePageToken("items", EncodePageToken("items", *position));
    Require(input.empty() || (again.ok() && *again == *position),
            "a position is the same, written and read again");
    Require(input.empty() || !DecodePageToken("item", input).ok(), "a token of one list is none of another");
  }
  if (input.empty()) return;
  const absl::StatusOr<std::string> own = DecodePageToken("items", EncodePageToken("items", input));
  Require(own.ok() && *own == input, "every position can be written and read");
}

}  // namespace
}  // namespace ridgeline
