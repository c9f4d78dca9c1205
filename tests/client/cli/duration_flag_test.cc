#include "client/cli/duration_flag.h"

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(DurationFlag, IsATimeWithAUnitOrANumberOfSeconds) {
  EXPECT_EQ(ParseDurationFlag("500ms"), absl::Milliseconds(500));
  EXPECT_EQ(ParseDurationFlag("1m30s"), absl::Seconds(90));
  EXPECT_EQ(ParseDurationFlag("2.5"), absl::Seconds(2.5));
}

TEST(DurationFlag, IsNothingElse) {
  for (const char* text : {"", "x", "-1s", "nan", "5 apples"}) {
    EXPECT_EQ(ParseDurationFlag(text), absl::nullopt) << text;
  }
}

TEST(DurationFlag, SetsItsVariableOnlyWhenGiven) {
  CLI::App app;
  absl::optional<absl::Duration> given;
  absl::optional<absl::Duration> absent;
  AddDurationFlag(app, "--given", given, "");
  AddDurationFlag(app, "--absent", absent, "");
  app.parse("--given 3s");
  EXPECT_EQ(given, absl::Seconds(3));
  EXPECT_EQ(absent, absl::nullopt);
}

TEST(DurationFlag, TakesZeroOnlyWhereItMeansSomething) {
  CLI::App app;
  absl::optional<absl::Duration> positive;
  absl::optional<absl::Duration> any;
  AddDurationFlag(app, "--positive", positive, "");
  AddDurationFlag(app, "--any", any, "", /*zero=*/true);
  app.parse("--any 0");
  EXPECT_EQ(any, absl::ZeroDuration());
  EXPECT_THROW(app.parse("--positive 0"), CLI::ValidationError);
}

TEST(DurationFlag, RefusesWhatIsNoPositiveTime) {
  CLI::App app;
  absl::optional<absl::Duration> time;
  AddDurationFlag(app, "--time", time, "");
  EXPECT_THROW(app.parse("--time never"), CLI::ValidationError);
}

}  // namespace
}  // namespace ridgeline
