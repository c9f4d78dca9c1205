#include "core/model/strict_json.h"

#include <limits>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

namespace ridgeline {
namespace {

using nlohmann::json;

// Far above what our files need, far below what could exhaust a stack.
constexpr int kMaxDepth = 16;

// Watches a parse for what the JSON library would let pass.
class StrictnessCheck {
 public:
  // The library's callback; returning false drops the value, so a refused document costs no memory.
  bool operator()(int depth, json::parse_event_t event, const json& parsed) {
    if (!problem_.empty()) return false;
    if (depth > kMaxDepth) return Refuse("it nests too deeply");
    if (event == json::parse_event_t::object_start) names_.emplace_back();
    if (event == json::parse_event_t::object_end) names_.pop_back();
    if (event != json::parse_event_t::key) return true;
    const auto& name = parsed.get_ref<const std::string&>();
    return names_.back().insert(name).second || Refuse(absl::StrCat("it has \"", name, "\" twice"));
  }

  // Empty when there is nothing against the document.
  const std::string& problem() const { return problem_; }

 private:
  bool Refuse(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }

  std::vector<absl::flat_hash_set<std::string>> names_;  // of the objects being parsed, outermost first
  std::string problem_;
};

}  // namespace

absl::StatusOr<json> ParseStrictJsonObject(absl::string_view text) {
  StrictnessCheck check;
  json document = json::parse(
      text.begin(), text.end(),
      [&check](int depth, json::parse_event_t event, json& parsed) { return check(depth, event, parsed); },
      /*allow_exceptions=*/false);
  if (!check.problem().empty()) return absl::DataLossError(check.problem());
  if (document.is_discarded()) return absl::DataLossError("it is not valid JSON");
  if (!document.is_object()) return absl::DataLossError("it is not a JSON object");
  return document;
}

const json* JsonFieldReader::Find(const char* name, bool (json::*is_type)() const noexcept,
                                  absl::string_view type) {
  const auto found = object_.find(name);
  if (found != object_.end() && ((*found).*is_type)()) return &*found;
  Complain(name, found == object_.end() ? "is missing" : absl::StrCat("is not ", type));
  return nullptr;
}

void JsonFieldReader::Complain(absl::string_view name, absl::string_view problem) {
  if (status_.ok()) status_ = absl::DataLossError(absl::StrCat("\"", path_, name, "\" ", problem));
}

void JsonFieldReader::Read(const char* name, std::string* value) {
  const json* member = Find(name, &json::is_string, "a string");
  if (member != nullptr) *value = member->get_ref<const std::string&>();
}

void JsonFieldReader::Read(const char* name, bool* value) {
  const json* member = Find(name, &json::is_boolean, "true or false");
  if (member != nullptr) *value = member->get<bool>();
}

void JsonFieldReader::Read(const char* name, double* value) {
  const json* member = Find(name, &json::is_number, "a number");
  if (member != nullptr) *value = member->get<double>();
}

void JsonFieldReader::Read(const char* name, int* value) {
  int64_t wide = *value;
  Read(name, &wide);
  if (wide < std::numeric_limits<int>::min() || wide > std::numeric_limits<int>::max()) {
    return Complain(name, "is out of range");
  }
  *value = static_cast<int>(wide);
}

void JsonFieldReader::Read(const char* name, int64_t* value) {
  const json* member = Find(name, &json::is_number_integer, "an integer");
  if (member == nullptr) return;
  const bool too_large =
      member->is_number_unsigned() && member->get<uint64_t>() > uint64_t{std::numeric_limits<int64_t>::max()};
  if (too_large) return Complain(name, "is out of range");
  *value = member->get<int64_t>();
}

void JsonFieldReader::Read(const char* name, uint64_t* value) {
  const json* member = Find(name, &json::is_number_unsigned, "an integer of 0 or more");
  if (member != nullptr) *value = member->get<uint64_t>();
}

void JsonFieldReader::Read(const char* name, std::vector<int64_t>* value) {
  const json* member = Find(name, &json::is_array, "a list");
  if (member == nullptr) return;
  value->clear();
  for (const json& element : *member) {
    const bool fits = element.is_number_unsigned() &&
                      element.get<uint64_t>() <= uint64_t{std::numeric_limits<int64_t>::max()};
    if (!fits) return Complain(name, "is not a list of integers of 0 or more");
    value->push_back(element.get<int64_t>());
  }
}

void JsonFieldReader::Read(const char* name, std::map<std::string, double>* value) {
  value->clear();
  for (const auto& [key, number] : Object(name).items()) {
    if (!number.is_number()) return Complain(absl::StrCat(name, ".", key), "is not a number");
    (*value)[key] = number.get<double>();
  }
}

const json& JsonFieldReader::Object(const char* name) {
  const json* member = Find(name, &json::is_object, "an object");
  return member != nullptr ? *member : empty_;
}

}  // namespace ridgeline
