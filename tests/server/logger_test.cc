#include "server/logger.h"

#include <spdlog/sinks/ostream_sink.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

class LoggerTest : public testing::Test {
 protected:
  Logger Make(LogLevel level) {
    return Logger(level, &clock_, std::make_shared<spdlog::sinks::ostream_sink_mt>(stream_));
  }

  ManualClock clock_{absl::FromUnixMillis(1'700'000'000'123)};
  std::ostringstream stream_;
};

TEST_F(LoggerTest, WritesOneJsonObjectALine) {
  Logger logger = Make(LogLevel::kInfo);
  logger.Info("started", {{"port", 50051}, {"share", 0.5}, {"address", "127.0.0.1"}});
  const auto line = nlohmann::json::parse(stream_.str());
  EXPECT_EQ(line["time"], "2023-11-14T22:13:20.123Z");
  EXPECT_EQ(line["level"], "info");
  EXPECT_EQ(line["event"], "started");
  EXPECT_EQ(line["port"], 50051);
  EXPECT_EQ(line["share"], 0.5);
  EXPECT_EQ(line["address"], "127.0.0.1");
}

TEST_F(LoggerTest, TextFromOutsideCannotBreakALine) {
  Logger logger = Make(LogLevel::kInfo);
  logger.Error("failed", {{"message", "\"}\n{\"forged\": true}\xff{} %v \x01"}});
  const std::string text = stream_.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  const auto line = nlohmann::json::parse(text);
  EXPECT_FALSE(line.contains("forged"));
  EXPECT_EQ(line["level"], "error");
}

TEST_F(LoggerTest, LeavesOutWhatIsBelowItsLevel) {
  Logger logger = Make(LogLevel::kWarning);
  logger.Info("a");
  EXPECT_EQ(stream_.str(), "");
  logger.Warning("b");
  EXPECT_NE(stream_.str(), "");
}

}  // namespace
}  // namespace ridgeline
