#include "core/interactions/delimited_parser.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

using Columns = std::vector<InteractionField>;

Columns ColumnsOfNames(const std::vector<absl::string_view>& names) {
  Columns columns;
  for (absl::string_view name : names) columns.push_back(FieldOfName(name));
  return columns;
}

bool LooksLikeHeader(const Columns& columns) {
  return std::any_of(columns.begin(), columns.end(), [](InteractionField field) {
    return field == InteractionField::kUser || field == InteractionField::kItem;
  });
}

absl::Status CheckHeader(const Columns& columns) {
  const auto count = [&](InteractionField field) {
    return std::count(columns.begin(), columns.end(), field);
  };
  if (count(InteractionField::kUser) == 0) return absl::InvalidArgumentError("the header has no user column");
  if (count(InteractionField::kItem) == 0) return absl::InvalidArgumentError("the header has no item column");
  for (const InteractionField field : columns) {
    if (field != InteractionField::kOther && count(field) > 1) {
      return absl::InvalidArgumentError("the header names two columns for the same field");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status DelimitedParser::Parse(absl::string_view line, std::vector<InteractionView>* interactions) {
  interactions->clear();
  RIDGELINE_RETURN_IF_ERROR(splitter_.Split(line));
  bool is_header = false;
  if (columns_.empty()) RIDGELINE_RETURN_IF_ERROR(SetColumns(&is_header));
  if (is_header) return absl::OkStatus();
  interactions->emplace_back().time = default_time_;
  return SetFields(&interactions->back());
}

absl::Status DelimitedParser::SetColumns(bool* is_header) {
  Columns columns = ColumnsOfNames(splitter_.fields());
  *is_header = LooksLikeHeader(columns);
  if (*is_header) {
    RIDGELINE_RETURN_IF_ERROR(CheckHeader(columns));
  } else {
    columns = {InteractionField::kUser, InteractionField::kItem, InteractionField::kValue,
               InteractionField::kTime};
    const size_t count = splitter_.fields().size();
    if (count < 2 || count > columns.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat("expected user, item, value and time or a header, got ", count, " fields"));
    }
    columns.resize(count);
  }
  columns_ = std::move(columns);
  return absl::OkStatus();
}

absl::Status DelimitedParser::SetFields(InteractionView* interaction) const {
  const std::vector<absl::string_view>& fields = splitter_.fields();
  if (fields.size() != columns_.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected ", columns_.size(), " fields, got ", fields.size()));
  }
  for (size_t i = 0; i < fields.size(); ++i) {
    RIDGELINE_RETURN_IF_ERROR(SetField(columns_[i], fields[i], interaction));
  }
  return absl::OkStatus();
}

}  // namespace ridgeline
