#ifndef RIDGELINE_SERVER_LOGGER_H_
#define RIDGELINE_SERVER_LOGGER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/base/clock.h"

namespace spdlog {
class logger;
namespace sinks {
class sink;
}
}  // namespace spdlog

namespace ridgeline {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

/// One named value of a log line.
struct LogField {
  template <class Number, std::enable_if_t<std::is_arithmetic_v<Number>, int> = 0>
  LogField(absl::string_view name, Number number) : name(name) {
    if constexpr (std::is_floating_point_v<Number>) {
      value = static_cast<double>(number);
    } else {
      value = static_cast<int64_t>(number);
    }
  }
  LogField(absl::string_view name, absl::string_view text) : name(name), value(std::string(text)) {}

  std::string name;
  std::variant<int64_t, double, std::string> value;
};

/// Writes one JSON object a line: {"time", "level", "event", fields...}. Text from outside cannot break the
/// lines. Thread-safe.
class Logger {
 public:
  /// Writes to stderr what is at `level` or above; `clock` stamps the lines and must outlive the logger.
  Logger(LogLevel level, const Clock* clock);

  /// Writes to `sink`.
  Logger(LogLevel level, const Clock* clock, std::shared_ptr<spdlog::sinks::sink> sink);
  ~Logger();

  void Info(absl::string_view event, const std::vector<LogField>& fields = {});
  void Warning(absl::string_view event, const std::vector<LogField>& fields = {});
  void Error(absl::string_view event, const std::vector<LogField>& fields = {});

  /// Writes a line that is a JSON object already, whatever the level.
  void WriteLine(const std::string& line);

 private:
  void Write(LogLevel level, absl::string_view event, const std::vector<LogField>& fields);

  const LogLevel level_;
  const Clock* const clock_;
  const std::unique_ptr<spdlog::logger> sink_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_LOGGER_H_
