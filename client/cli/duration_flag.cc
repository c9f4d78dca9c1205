#include "client/cli/duration_flag.h"

#include <cmath>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace ridgeline {
namespace {

std::string Check(const std::string& text, bool zero) {
  const absl::optional<absl::Duration> time = ParseDurationFlag(text);
  if (time.has_value() && (zero || *time > absl::ZeroDuration())) return "";
  return absl::StrCat(zero ? "not a time: " : "not a positive time: ", text);
}

}  // namespace

absl::optional<absl::Duration> ParseDurationFlag(const std::string& text) {
  absl::Duration duration;
  double seconds = 0;
  if (absl::SimpleAtod(text, &seconds)) {
    duration = absl::Seconds(seconds);
  } else if (!absl::ParseDuration(text, &duration)) {
    return absl::nullopt;
  }
  if (std::isnan(seconds) || duration < absl::ZeroDuration()) return absl::nullopt;
  return duration;
}

CLI::Option* AddDurationFlag(CLI::App& command, const std::string& name, absl::optional<absl::Duration>& time,
                             const std::string& description, bool zero) {
  return command
      .add_option_function<std::string>(
          name, [&time](const std::string& text) { time = ParseDurationFlag(text); }, description)
      ->check([zero](const std::string& text) { return Check(text, zero); })
      ->type_name("TIME");
}

}  // namespace ridgeline
