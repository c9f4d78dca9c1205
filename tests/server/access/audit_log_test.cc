#include "server/access/audit_log.h"

#include <sys/stat.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "core/base/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/access/client_limiter.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

AuditRecord Record(const std::string& client) {
  AuditRecord record;
  record.method = "/ridgeline.v1.ModelService/ActivateModel";
  record.client = client;
  record.peer = "ipv4:10.0.0.7:51312";
  record.request = {{"version", "v000003"}};
  return record;
}

class AuditLogTest : public testing::Test {
 protected:
  std::vector<std::string> LinesOf(const std::string& path) const {
    return absl::StrSplit(ReadFile(path).value_or(""), '\n', absl::SkipEmpty());
  }

  const TempDir dir_;
  const ManualClock clock_{absl::FromUnixMillis(1'767'323'045'678)};
};

TEST_F(AuditLogTest, WritesOneObjectALine) {
  const auto log = AuditLog::Open(dir_.File("audit"), &clock_);
  ASSERT_TRUE(log.ok()) << log.status();
  (*log)->Write(Record("nightly"));
  AuditRecord denied = Record("");
  denied.outcome = absl::UnauthenticatedError("who?");
  denied.request = {};
  (*log)->Write(denied);
  const auto lines = LinesOf(dir_.File("audit"));
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(
      lines[0],
      R"({"time":"2026-01-02T03:04:05.678Z","level":"info","event":"audit","audit":true,)"
      R"("method":"/ridgeline.v1.ModelService/ActivateModel","client":"nightly",)"
      R"("peer":"ipv4:10.0.0.7:51312","code":"OK","message":"","request":{"version":"v000003"},"response":{}})");
  const auto second = nlohmann::json::parse(lines[1]);
  EXPECT_EQ(second["code"], "UNAUTHENTICATED");
  EXPECT_EQ(second["message"], "who?");
  EXPECT_EQ(second["request"].dump(), "{}");
}

TEST_F(AuditLogTest, NobodyForgesALine) {
  const auto log = AuditLog::Open(dir_.File("audit"), &clock_);
  AuditRecord record = Record("a\n{\"audit\": true}");
  record.request = {{"user_id", "x\"}\n{\xff"}};
  (*log)->Write(record);
  const auto lines = LinesOf(dir_.File("audit"));
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_TRUE(nlohmann::json::accept(lines[0]));
}

TEST_F(AuditLogTest, IsAppendedToAndNotForEverybodyToRead) {
  for (int run = 0; run < 2; ++run) (*AuditLog::Open(dir_.File("audit"), &clock_))->Write(Record("a"));
  EXPECT_EQ(LinesOf(dir_.File("audit")).size(), 2u);
  struct stat status = {};
  ASSERT_EQ(stat(dir_.File("audit").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0007, 0u);
}

TEST_F(AuditLogTest, FollowsItsNameWhenTheFileIsRotated) {
  const auto log = AuditLog::Open(dir_.File("audit"), &clock_);
  (*log)->Write(Record("before"));
  (*log)->Reopen();
  std::filesystem::rename(dir_.File("audit"), dir_.File("audit.1"));
  (*log)->Write(Record("between"));
  (*log)->Reopen();
  (*log)->Write(Record("after"));
  EXPECT_EQ(LinesOf(dir_.File("audit.1")).size(), 2u);
  ASSERT_EQ(LinesOf(dir_.File("audit")).size(), 1u);
  EXPECT_EQ(nlohmann::json::parse(LinesOf(dir_.File("audit"))[0])["client"], "after");
}

TEST_F(AuditLogTest, CountsLinesThatItLost) {
  const auto full = AuditLog::Open("/dev/full", &clock_);
  ASSERT_TRUE(full.ok()) << full.status();
  (*full)->Write(Record("a"));
  (*full)->Write(Record("a"));
  EXPECT_EQ((*full)->lost(), 2);
  EXPECT_TRUE(absl::IsUnavailable(AuditLog::Open(dir_.path(), &clock_).status()));
}

// Tells `log` of `count` calls of `client` that are refused; returns how many have lines.
int Refuse(AuditLog& log, const std::string& client, int64_t count) {
  AuditRecord record = Record(client);
  record.outcome = client.empty() ? absl::UnauthenticatedError("who?") : absl::PermissionDeniedError("no");
  int lines = 0;
  for (int64_t i = 0; i < count; ++i) {
    if (!log.HasRoomFor(client, record.outcome)) continue;
    log.Write(record);
    ++lines;
  }
  return lines;
}

TEST_F(AuditLogTest, SumsUpAFloodOfRefusalsOfEachClientAndOfStrangers) {
  ManualClock clock(absl::FromUnixSeconds(1'000));
  const auto log = AuditLog::Open(dir_.File("audit"), &clock);
  EXPECT_EQ(Refuse(**log, "", AuditLog::kMostRefusals + 5), AuditLog::kMostRefusals);
  EXPECT_EQ(Refuse(**log, "shop", AuditLog::kMostRefusals + 7), AuditLog::kMostRefusals);
  EXPECT_EQ(Refuse(**log, "quiet", 1), 1);
  EXPECT_TRUE((*log)->HasRoomFor("", absl::OkStatus())) << "what was done always has";
  const size_t lines = LinesOf(dir_.File("audit")).size();
  clock.Advance(absl::Seconds(59));
  (*log)->SumUp();
  EXPECT_EQ(LinesOf(dir_.File("audit")).size(), lines) << "the minute is not over";
  clock.Advance(absl::Seconds(1));
  (*log)->SumUp();
  std::map<std::string, int64_t> sums;
  for (size_t i = lines; i < LinesOf(dir_.File("audit")).size(); ++i) {
    const auto sum = nlohmann::json::parse(LinesOf(dir_.File("audit"))[i]);
    EXPECT_EQ(sum["method"], "*");
    sums[sum["client"]] = sum["response"]["refusals"];
  }
  EXPECT_THAT(sums, testing::ElementsAre(testing::Pair("", 5), testing::Pair("shop", 7)));
  EXPECT_EQ(Refuse(**log, "", 1), 1) << "the next ones have lines again";
}

TEST_F(AuditLogTest, AClockThatWasSetBackDoesNotPutTheSumsOff) {
  ManualClock clock(absl::FromUnixSeconds(1'000'000));
  const auto log = AuditLog::Open(dir_.File("audit"), &clock);
  Refuse(**log, "", AuditLog::kMostRefusals + 1);
  clock.Advance(-absl::Hours(24));
  (*log)->SumUp();
  EXPECT_EQ(LinesOf(dir_.File("audit")).size(), static_cast<size_t>(AuditLog::kMostRefusals) + 1);
}

TEST_F(AuditLogTest, CountsRefusalsToTheEnd) {
  auto log = AuditLog::Open(dir_.File("audit"), &clock_);
  Refuse(**log, "", AuditLog::kMostRefusals + 1);
  log->reset();
  EXPECT_EQ(nlohmann::json::parse(LinesOf(dir_.File("audit")).back())["response"]["refusals"], 1);
}

TEST_F(AuditLogTest, RefusalsAtALimitAreCountedLikeDenials) {
  const auto log = AuditLog::Open(dir_.File("audit"), &clock_);
  const auto limiter = std::make_shared<ClientLimiter>();
  limiter->Set({.calls_per_second = 0.001, .burst = 1});
  ASSERT_TRUE(limiter->Admit("noisy", absl::Seconds(1)).ok());
  const absl::Status refused = limiter->Admit("noisy", absl::Seconds(1)).status();
  for (int64_t i = 0; i < AuditLog::kMostRefusals; ++i) EXPECT_TRUE((*log)->HasRoomFor("noisy", refused));
  EXPECT_FALSE((*log)->HasRoomFor("noisy", refused));
  EXPECT_TRUE((*log)->HasRoomFor("noisy", absl::ResourceExhaustedError("a training is queued already")));
}

TEST_F(AuditLogTest, CutsMessagesThatRepeatWhatWasSent) {
  const auto log = AuditLog::Open(dir_.File("audit"), &clock_);
  AuditRecord record = Record("a");
  record.outcome = absl::NotFoundError(std::string(100'000, '\x01'));
  (*log)->Write(record);
  EXPECT_LT(LinesOf(dir_.File("audit")).front().size(), 10'000u);
}

TEST_F(AuditLogTest, ALineThatWasTornBeforeTheStartTakesNoOtherAlong) {
  dir_.Write("audit", "{\"audit\": tr");
  const auto log = AuditLog::Open(dir_.File("audit"), &clock_);
  (*log)->Write(Record("a"));
  (*log)->Write(Record("b"));
  const auto lines = LinesOf(dir_.File("audit"));
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_TRUE(nlohmann::json::accept(lines[1]));
  EXPECT_TRUE(nlohmann::json::accept(lines[2]));
}

TEST_F(AuditLogTest, WritesElsewhereIfToldTo) {
  std::vector<std::string> lines;
  AuditLog log(
      [&lines](const std::string& line) {
        lines.push_back(line);
        return lines.size() < 2;
      },
      &clock_);
  log.Write(Record("a"));
  log.Write(Record("b"));
  log.Reopen();
  EXPECT_EQ(lines.size(), 2u);
  EXPECT_EQ(log.lost(), 1);
}

}  // namespace
}  // namespace ridgeline
