#include "client/cli/progress.h"

#include <algorithm>
#include <sstream>

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(RenderBar, FillsItsShare) {
  EXPECT_EQ(RenderBar(0, 4), "[----]");
  EXPECT_EQ(RenderBar(0.5, 4), "[##--]");
  EXPECT_EQ(RenderBar(1, 4), "[####]");
  EXPECT_EQ(RenderBar(1.5, 4), "[####]");
}

TEST(RenderRate, TellsSpeedAndRestOnceBothAreKnown) {
  EXPECT_EQ(RenderRate(0, 10, absl::Seconds(1)), "0 of 10");
  EXPECT_EQ(RenderRate(5, 10, absl::ZeroDuration()), "5 of 10");
  EXPECT_EQ(RenderRate(5000, 10000, absl::Seconds(2)), "5,000 of 10,000  2,500/s  2s left");
  EXPECT_EQ(RenderRate(10, 10, absl::Seconds(1)), "10 of 10  10/s");
}

std::string ShowAll(bool terminal, int64_t total) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Output output({&in, &out, &err, terminal}, false);
  Progress progress(output, total, [] { return absl::UnixEpoch(); });
  for (int64_t done = 0; done <= total; ++done) progress.Update(done);
  return err.str();
}

TEST(Progress, IsALineATenthOffTheTerminal) {
  const std::string lines = ShowAll(false, 1000);
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 11);
  EXPECT_EQ(lines.find('#'), std::string::npos);
}

TEST(Progress, RedrawsABarAPercentOnATerminal) {
  const std::string drawn = ShowAll(true, 1000);
  EXPECT_EQ(std::count(drawn.begin(), drawn.end(), '\r'), 101);
  EXPECT_NE(drawn.find("[##############################] 100%  1,000 of 1,000"), std::string::npos);
}

TEST(Progress, OfNothingIsDone) {
  EXPECT_EQ(ShowAll(false, 0), "100%  0 of 0\n");
}

}  // namespace
}  // namespace ridgeline
