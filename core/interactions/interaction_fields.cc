#include "core/interactions/interaction_fields.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

struct FieldName {
  absl::string_view name;  // normalized
  InteractionField field;
};

constexpr FieldName kFieldNames[] = {
    {"userid", InteractionField::kUser},         {"user", InteractionField::kUser},
    {"itemid", InteractionField::kItem},         {"item", InteractionField::kItem},
    {"movieid", InteractionField::kItem},        {"rating", InteractionField::kValue},
    {"value", InteractionField::kValue},         {"weight", InteractionField::kValue},
    {"count", InteractionField::kValue},         {"timestamp", InteractionField::kTime},
    {"time", InteractionField::kTime},           {"eventid", InteractionField::kEventId},
    {"eventtype", InteractionField::kEventType}, {"recommendationid", InteractionField::kRecommendationId},
};

// Above this a number counts milliseconds: as seconds it would be in the year 5138.
constexpr double kLargestSeconds = 1e11;

absl::Time FromUnixNumber(double number) {
  const double seconds = std::abs(number) > kLargestSeconds ? number / 1000 : number;
  return absl::FromUnixMicros(std::llround(seconds * 1e6));
}

absl::Time FromUnixNumber(int64_t number) {
  return std::abs(static_cast<double>(number)) > kLargestSeconds ? absl::FromUnixMillis(number)
                                                                 : absl::FromUnixSeconds(number);
}

// Digits with at most one point among them, seven at most: what nearly every value is. The digits as one
// number and the power of ten are then exact floats, so their quotient is what the general parser gives.
bool ParseShortDecimal(absl::string_view text, float* value) {
  constexpr float kPowersOfTen[] = {1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f};
  constexpr size_t kMostCharacters = 8;
  if (text.size() > kMostCharacters) return false;
  uint32_t number = 0;
  size_t digits = 0;
  size_t point = text.size();  // where it stands
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '.' && point == text.size()) {
      point = i;
    } else if (absl::ascii_isdigit(static_cast<unsigned char>(text[i]))) {
      number = number * 10 + static_cast<uint32_t>(text[i] - '0');
      ++digits;
    } else {
      return false;
    }
  }
  if (digits == 0 || digits == kMostCharacters) return false;
  *value = static_cast<float>(number) / kPowersOfTen[digits - std::min(point, digits)];
  return true;
}

}  // namespace

std::string NormalizedFieldName(absl::string_view name) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(absl::StripAsciiWhitespace(name)), {{"_", ""}});
}

InteractionField FieldOfName(absl::string_view name) {
  const std::string wanted = NormalizedFieldName(name);
  for (const FieldName& candidate : kFieldNames) {
    if (wanted == candidate.name) return candidate.field;
  }
  return InteractionField::kOther;
}

absl::StatusOr<float> ParseValue(absl::string_view text) {
  float value = 0;
  if (ParseShortDecimal(text, &value)) return value;
  if (absl::SimpleAtof(text, &value) && std::isfinite(value)) return value;
  return absl::InvalidArgumentError(absl::StrCat("value: must be a finite number, got '", text, "'"));
}

absl::StatusOr<absl::Time> ParseTime(absl::string_view text) {
  int64_t whole = 0;
  const char* end = text.data() + text.size();
  const std::from_chars_result result = std::from_chars(text.data(), end, whole);
  if (result.ec == std::errc() && result.ptr == end) return FromUnixNumber(whole);
  double number = 0;
  // Larger numbers are in no calendar and would not fit 64 bits of microseconds.
  if (absl::SimpleAtod(text, &number) && std::abs(number) < 1e15) return FromUnixNumber(number);
  absl::Time time;
  std::string why;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &why)) return time;
  return absl::InvalidArgumentError(
      absl::StrCat("time: must be Unix seconds, milliseconds or RFC 3339, got '", text, "'"));
}

absl::Status SetField(InteractionField field, absl::string_view text, InteractionView* interaction) {
  switch (field) {
    case InteractionField::kUser:
      interaction->user_id = text;
      break;
    case InteractionField::kItem:
      interaction->item_id = text;
      break;
    case InteractionField::kValue: {
      RIDGELINE_ASSIGN_OR_RETURN(interaction->value, ParseValue(text));
      break;
    }
    case InteractionField::kTime: {
      RIDGELINE_ASSIGN_OR_RETURN(interaction->time, ParseTime(text));
      break;
    }
    case InteractionField::kEventId:
      interaction->event_id = text;
      break;
    case InteractionField::kEventType:
      interaction->event_type = text;
      break;
    case InteractionField::kRecommendationId:
      interaction->recommendation_id = text;
      break;
    case InteractionField::kOther:
      break;
  }
  return absl::OkStatus();
}

}  // namespace ridgeline
