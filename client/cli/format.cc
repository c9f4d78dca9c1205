#include "client/cli/format.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"

namespace ridgeline {

std::string FormatCount(int64_t count) {
  std::string digits = absl::StrCat(count);
  const int first = count < 0 ? 1 : 0;
  for (int at = static_cast<int>(digits.size()) - 3; at > first; at -= 3)
    digits.insert(static_cast<size_t>(at), 1, ',');
  return digits;
}

std::string FormatCount(int64_t count, absl::string_view singular, absl::string_view plural) {
  return absl::StrCat(FormatCount(count), " ", count == 1 ? singular : plural);
}

std::string FormatScore(double score) {
  return absl::StrFormat("%.4f", score);
}

std::string FormatFigure(double figure) {
  return absl::StrFormat("%.6g", figure);
}

std::string FormatTimestamp(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0 && time.nanos() == 0) return "";
  return absl::FormatTime("%Y-%m-%d %H:%M:%SZ", absl::FromUnixSeconds(time.seconds()), absl::UTCTimeZone());
}

std::string FormatSpan(absl::Duration duration) {
  struct Unit {
    absl::Duration length;
    absl::string_view name;
  };
  const Unit units[] = {
      {absl::Hours(24), "d"}, {absl::Hours(1), "h"}, {absl::Minutes(1), "m"}, {absl::Seconds(1), "s"}};
  duration = std::max(duration, absl::ZeroDuration());
  for (int i = 0; i < 3; ++i) {
    if (duration < units[i].length) continue;
    const int64_t large = absl::IDivDuration(duration, units[i].length, &duration);
    const int64_t small = duration / units[i + 1].length;
    return absl::StrCat(large, units[i].name, " ", small, units[i + 1].name);
  }
  return absl::StrFormat("%.3gs", absl::ToDoubleSeconds(duration));
}

std::string FormatSpan(const google::protobuf::Duration& duration) {
  return FormatSpan(absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos()));
}

std::string FormatEnum(absl::string_view name, absl::string_view prefix) {
  return std::string(absl::StripPrefix(name, prefix));
}

}  // namespace ridgeline
