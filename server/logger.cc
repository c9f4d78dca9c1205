#include "server/logger.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <nlohmann/json.hpp>

namespace ridgeline {
namespace {

const char* NameOf(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

std::string ToJsonLine(absl::string_view time, LogLevel level, absl::string_view event,
                       const std::vector<LogField>& fields) {
  nlohmann::ordered_json line = {
      {"time", std::string(time)}, {"level", NameOf(level)}, {"event", std::string(event)}};
  for (const LogField& field : fields) {
    std::visit([&](const auto& value) { line[field.name] = value; }, field.value);
  }
  // Bytes that are not UTF-8 are replaced: a log line never fails.
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Logger::Logger(LogLevel level, const Clock* clock)
    : Logger(level, clock, std::make_shared<spdlog::sinks::stderr_sink_mt>()) {}

Logger::Logger(LogLevel level, const Clock* clock, std::shared_ptr<spdlog::sinks::sink> sink)
    : level_(level), clock_(clock), sink_(std::make_unique<spdlog::logger>("ridgeline", std::move(sink))) {
  sink_->set_pattern("%v");
  sink_->flush_on(spdlog::level::info);
}

Logger::~Logger() = default;

void Logger::Info(absl::string_view event, const std::vector<LogField>& fields) {
  Write(LogLevel::kInfo, event, fields);
}

void Logger::Warning(absl::string_view event, const std::vector<LogField>& fields) {
  Write(LogLevel::kWarning, event, fields);
}

void Logger::Error(absl::string_view event, const std::vector<LogField>& fields) {
  Write(LogLevel::kError, event, fields);
}

void Logger::WriteLine(const std::string& line) {
  sink_->info(line);
}

void Logger::Write(LogLevel level, absl::string_view event, const std::vector<LogField>& fields) {
  if (level < level_) return;
  const std::string time = absl::FormatTime("%Y-%m-%d%ET%H:%M:%E3SZ", clock_->Now(), absl::UTCTimeZone());
  sink_->info(ToJsonLine(time, level, event, fields));
}

}  // namespace ridgeline
