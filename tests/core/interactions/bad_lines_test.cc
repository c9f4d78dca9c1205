#include "core/interactions/bad_lines.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using ::testing::ElementsAre;

TEST(BadLines, FailsAtTheFirstBeyondTheToleratedWithFileAndLine) {
  BadLines bad_lines("file.csv", 1);
  EXPECT_TRUE(bad_lines.Add(3, absl::InvalidArgumentError("first")).ok());
  const absl::Status status = bad_lines.Add(9, absl::InvalidArgumentError("second"));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "file.csv:9: second");
  EXPECT_EQ(bad_lines.count(), 2);
  EXPECT_THAT(bad_lines.messages(), ElementsAre("file.csv:3: first"));
}

TEST(BadLines, KeepsTenMessagesAndCountsOn) {
  BadLines bad_lines("f", 100);
  for (int line = 1; line <= 50; ++line)
    EXPECT_TRUE(bad_lines.Add(line, absl::InvalidArgumentError("x")).ok());
  EXPECT_EQ(bad_lines.count(), 50);
  EXPECT_EQ(bad_lines.messages().size(), 10u);
}

}  // namespace
}  // namespace ridgeline
