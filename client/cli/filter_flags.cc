#include "client/cli/filter_flags.h"

#include "client/cli/command.h"
#include "client/cli/id_list.h"

namespace ridgeline {
namespace {

absl::Status ReadInto(const std::vector<std::string>& lists, std::istream& input,
                      google::protobuf::RepeatedPtrField<std::string>* field) {
  const absl::StatusOr<std::vector<std::string>> elements = ReadLists(lists, input);
  if (!elements.ok()) return elements.status();
  field->Assign(elements->begin(), elements->end());
  return absl::OkStatus();
}

}  // namespace

void AddTagFlags(CLI::App& command, TagFlags& flags) {
  AddListFlag(command, "--tag-any", flags.any, "Only items with at least one of these tags");
  AddListFlag(command, "--tag-all", flags.all, "Only items with every one of these tags");
  AddListFlag(command, "--tag-none", flags.none, "Only items with none of these tags");
}

void AddFilterFlags(CLI::App& command, FilterFlags& flags) {
  AddListFlag(command, "--exclude", flags.exclude, "Items never to return");
  AddListFlag(command, "--candidate", flags.candidate, "The only items to consider");
  AddTagFlags(command, flags.tags);
  command.add_flag("--include-unavailable", flags.include_unavailable,
                   "Consider items marked unavailable too");
}

absl::Status ReadTagFilter(const TagFlags& flags, std::istream& input, v1::TagFilter& filter) {
  absl::Status status = ReadInto(flags.any, input, filter.mutable_any());
  if (status.ok()) status = ReadInto(flags.all, input, filter.mutable_all());
  if (status.ok()) status = ReadInto(flags.none, input, filter.mutable_none());
  return status;
}

absl::Status ReadItemFilter(const FilterFlags& flags, std::istream& input, v1::ItemFilter& filter) {
  absl::Status status = ReadInto(flags.exclude, input, filter.mutable_exclude_item_ids());
  if (status.ok()) status = ReadInto(flags.candidate, input, filter.mutable_candidate_item_ids());
  if (status.ok() && !flags.tags.empty()) status = ReadTagFilter(flags.tags, input, *filter.mutable_tags());
  filter.set_include_unavailable(flags.include_unavailable);
  return status;
}

}  // namespace ridgeline
