#include "core/lab/tuning_report.h"

#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/core/lab/tuning_fixture.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(TuningReport, TheTableBeginsWithTheBest) {
  std::ostringstream out;
  PrintTable(SmallTuningReport(Feedback::kImplicit), out);
  std::istringstream lines(out.str());
  std::string header, best, start, given_up;
  std::getline(lines, header);
  std::getline(lines, best);
  std::getline(lines, start);
  std::getline(lines, given_up);
  EXPECT_THAT(header, HasSubstr("unobserved"));
  EXPECT_THAT(best, testing::AllOf(HasSubstr("0.7000"), HasSubstr("best")));
  EXPECT_THAT(start, testing::AllOf(HasSubstr("0.6000"), HasSubstr("start")));
  EXPECT_THAT(given_up, testing::AllOf(HasSubstr("0.4000"), HasSubstr(" 2 ")));
}

TEST(TuningReport, JsonHasEveryRungAsTheMetricItself) {
  std::ostringstream out;
  PrintJson(SmallTuningReport(Feedback::kExplicit), out);
  const auto json = nlohmann::json::parse(out.str());
  EXPECT_EQ(json["best"], 2);
  EXPECT_EQ(json["trials"][2]["rungs"][1]["rmse"], 0.5);
  EXPECT_EQ(json["trials"][1]["rungs"].size(), 1u);
  EXPECT_EQ(json["trials"][1]["factors"], 32);
  EXPECT_TRUE(json["trials"][0].contains("bias_regularization"));
}

TEST(TuningReport, TheConfigurationIsTheBestCandidates) {
  TuningReport report = SmallTuningReport(Feedback::kImplicit);
  report.candidates[2].event_weight.type_factors = {{"buy", 5.0}, {"click", 1.0}};
  const std::string text = ConfigurationText(report);
  for (const char* line :
       {"feedback = \"implicit\"\n", "factors = 64\n", "iterations = 16\n", "regularization = 2.5\n",
        "unobserved-weight = 0.1\n", "confidence-form = \"ials\"\n",
        "event-type-weights = \"buy=5,click=1\"\n", "non-negative = false\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  const std::string ratings = ConfigurationText(SmallTuningReport(Feedback::kExplicit));
  EXPECT_THAT(ratings, HasSubstr("bias-regularization = 0.7\n"));
  EXPECT_THAT(ratings, Not(HasSubstr("half-life"))) << "ratings do not decay, the server would refuse it";
}

}  // namespace
}  // namespace ridgeline
