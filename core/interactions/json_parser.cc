#include "core/interactions/json_parser.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

using nlohmann::json;

bool IsNumberField(InteractionField field) {
  return field == InteractionField::kValue || field == InteractionField::kTime;
}

}  // namespace

absl::Status JsonParser::Parse(absl::string_view line, std::vector<InteractionView>* interactions) {
  interactions->clear();
  spellings_.clear();
  object_ = json::parse(line.begin(), line.end(), nullptr, /*allow_exceptions=*/false);
  if (!object_.is_object()) return absl::InvalidArgumentError("the line is not a JSON object");
  interactions->emplace_back().time = default_time_;
  std::set<InteractionField> seen;
  for (const auto& [key, value] : object_.items()) {
    const InteractionField field = FieldOfName(key);
    if (field == InteractionField::kOther || value.is_null()) continue;
    if (!seen.insert(field).second) {
      return absl::InvalidArgumentError(absl::StrCat(key, ": another key means the same"));
    }
    RIDGELINE_RETURN_IF_ERROR(SetFromJson(key, field, value, &interactions->back()));
  }
  return absl::OkStatus();
}

absl::Status JsonParser::SetFromJson(const std::string& key, InteractionField field, const json& value,
                                     InteractionView* interaction) {
  if (value.is_string()) return SetField(field, value.get_ref<const std::string&>(), interaction);
  // A fraction has several spellings, so it makes no id.
  if (value.is_number_integer() || (value.is_number() && IsNumberField(field))) {
    return SetField(field, spellings_.emplace_back(value.dump()), interaction);
  }
  return absl::InvalidArgumentError(
      absl::StrCat(key, ": must be a string or a number, got ", value.type_name()));
}

}  // namespace ridgeline
