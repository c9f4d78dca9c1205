#ifndef RIDGELINE_CLIENT_CLI_ID_LIST_H_
#define RIDGELINE_CLIENT_CLI_ID_LIST_H_

#include <istream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ridgeline {

/// Reads a list as the command line gives it: "a,b,c"; "@FILE", one element a line; "-", one a line from
/// `input`. Blanks around elements and empty elements are dropped. kNotFound when the file cannot be read.
absl::StatusOr<std::vector<std::string>> ReadList(absl::string_view argument, std::istream& input);

/// The same for a flag that was given several times.
absl::StatusOr<std::vector<std::string>> ReadLists(const std::vector<std::string>& arguments,
                                                   std::istream& input);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_ID_LIST_H_
