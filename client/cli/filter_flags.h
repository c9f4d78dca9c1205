#ifndef RIDGELINE_CLIENT_CLI_FILTER_FLAGS_H_
#define RIDGELINE_CLIENT_CLI_FILTER_FLAGS_H_

#include <istream>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "ridgeline/v1/item.pb.h"

namespace ridgeline {

/// A condition on tags, as flags; each is a list as ReadList takes it.
struct TagFlags {
  std::vector<std::string> any;
  std::vector<std::string> all;
  std::vector<std::string> none;

  bool empty() const { return any.empty() && all.empty() && none.empty(); }
};

/// Which items an answer may contain, as flags.
struct FilterFlags {
  std::vector<std::string> exclude;
  std::vector<std::string> candidate;
  TagFlags tags;
  bool include_unavailable = false;

  bool empty() const { return exclude.empty() && candidate.empty() && tags.empty() && !include_unavailable; }
};

/// Declares --tag-any, --tag-all and --tag-none.
void AddTagFlags(CLI::App& command, TagFlags& flags);

/// Declares --exclude, --candidate, --include-unavailable and the tag flags.
void AddFilterFlags(CLI::App& command, FilterFlags& flags);

/// Reads the lists into a filter. kNotFound when a file cannot be read.
absl::Status ReadTagFilter(const TagFlags& flags, std::istream& input, v1::TagFilter& filter);
absl::Status ReadItemFilter(const FilterFlags& flags, std::istream& input, v1::ItemFilter& filter);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_FILTER_FLAGS_H_
