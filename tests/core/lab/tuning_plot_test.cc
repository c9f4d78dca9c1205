#include "core/lab/tuning_plot.h"

#include <regex>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/lab/tuning_fixture.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(TuningPlot, EveryTagIsClosedInTurn) {
  const std::string svg = TuningPlot(SmallTuningReport(Feedback::kImplicit));
  std::vector<std::string> open;
  const std::regex tag("<(/?)([a-z]+)[^>]*?(/?)>");
  for (std::sregex_iterator it(svg.begin(), svg.end(), tag), end; it != end; ++it) {
    if ((*it)[1].length() == 0 && (*it)[3].length() == 0) open.push_back((*it)[2]);
    if ((*it)[1].length() == 0) continue;
    ASSERT_FALSE(open.empty());
    EXPECT_EQ(open.back(), (*it)[2]);
    open.pop_back();
  }
  EXPECT_TRUE(open.empty());
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

TEST(TuningPlot, ShowsEveryCandidateTheBestRingedTheGivenUpSmall) {
  const std::string svg = TuningPlot(SmallTuningReport(Feedback::kImplicit));
  EXPECT_EQ(Count(svg, "r=\"3.0\""), 1u);
  EXPECT_EQ(Count(svg, "r=\"6.0\""), 2u + 2u) << "two finished, and two in the legend";
  EXPECT_EQ(Count(svg, "r=\"10.0\""), 1u);
  EXPECT_THAT(svg, HasSubstr("ndcg@20 by regularization"));
  EXPECT_THAT(svg, HasSubstr(">start<"));
}

TEST(TuningPlot, BetterIsNotAlwaysHigher) {
  // Of ratings the metric falls: the best, .5, is drawn below the start, .6.
  const std::string svg = TuningPlot(SmallTuningReport(Feedback::kExplicit));
  std::vector<double> heights;
  const std::regex circle("cy=\"([0-9.]+)\" r=\"6.0\"");
  for (std::sregex_iterator it(svg.begin(), svg.end(), circle), end; it != end; ++it) {
    heights.push_back(std::stod((*it)[1]));
  }
  ASSERT_GE(heights.size(), 2u);
  EXPECT_GT(heights[1], heights[0]);
}

TEST(TuningPlot, OneCandidateIsEnough) {
  TuningReport report = SmallTuningReport(Feedback::kImplicit);
  report.candidates.resize(1);
  report.result.rungs.resize(1);
  report.result.best = 0;
  EXPECT_EQ(TuningPlot(report).find("nan"), std::string::npos);
}

}  // namespace
}  // namespace ridgeline
