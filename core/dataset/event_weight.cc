#include "core/dataset/event_weight.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"
#include "core/interactions/interaction.h"

namespace ridgeline {
namespace {

constexpr double kMicrosecondsADay = 86400e6;
constexpr char kTypesField[] = "event_type_weights";

absl::Status ValidateNotNegative(absl::string_view field, double value) {
  if (std::isfinite(value) && value >= 0.0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": must be a finite number, at least 0, got ", value));
}

}  // namespace

float EventWeight::OfType(float value, absl::string_view event_type) const {
  if (type_factors.empty()) return value;
  const auto found = type_factors.find(std::string(event_type));
  return found == type_factors.end() ? value : static_cast<float>(found->second * value);
}

float EventWeight::Decayed(float value, int64_t time) const {
  if (half_life_days == 0.0) return value;
  // In double, where the difference of any two times stands.
  const double age = static_cast<double>(reference_time) - static_cast<double>(time);
  const double half_lives = std::max(age, 0.0) / kMicrosecondsADay / half_life_days;
  return static_cast<float>(value * std::exp2(-half_lives));
}

absl::Status ValidateEventWeight(const EventWeight& weight) {
  if (weight.type_factors.size() > kMaxEventTypes) {
    return absl::InvalidArgumentError(
        absl::StrCat(kTypesField, ": at most ", kMaxEventTypes, " types, got ", weight.type_factors.size()));
  }
  for (const auto& [type, factor] : weight.type_factors) {
    RIDGELINE_RETURN_IF_ERROR(ValidateId(kTypesField, type));
    RIDGELINE_RETURN_IF_ERROR(ValidateNotNegative(kTypesField, factor));
  }
  return ValidateNotNegative("half_life_days", weight.half_life_days);
}

absl::StatusOr<std::map<std::string, double>> ParseEventTypeWeights(absl::string_view text) {
  std::map<std::string, double> factors;
  if (text.empty()) return factors;
  for (const absl::string_view element : absl::StrSplit(text, ',')) {
    const size_t equals = element.rfind('=');
    double factor = 0.0;
    if (equals == absl::string_view::npos || !absl::SimpleAtod(element.substr(equals + 1), &factor)) {
      return absl::InvalidArgumentError(absl::StrCat(
          kTypesField, ": must be TYPE=NUMBER pairs, as click=1,purchase=5, got '", element, "'"));
    }
    std::string type(absl::StripAsciiWhitespace(element.substr(0, equals)));
    if (!factors.emplace(type, factor).second) {
      return absl::InvalidArgumentError(absl::StrCat(kTypesField, ": has '", type, "' twice"));
    }
  }
  return factors;
}

}  // namespace ridgeline
