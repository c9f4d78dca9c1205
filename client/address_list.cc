#include "client/address_list.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ridgeline {

absl::StatusOr<std::vector<std::string>> ParseAddressList(absl::string_view text) {
  std::vector<std::string> addresses = absl::StrSplit(text, ',');
  for (std::string& address : addresses) absl::StripAsciiWhitespace(&address);
  if (addresses.size() == 1 && addresses[0].empty()) return absl::InvalidArgumentError("must not be empty");
  const auto empty = std::find(addresses.begin(), addresses.end(), "");
  if (empty == addresses.end()) return addresses;
  return absl::InvalidArgumentError(
      absl::StrCat("address ", empty - addresses.begin() + 1, " of '", text, "' is empty"));
}

}  // namespace ridgeline
