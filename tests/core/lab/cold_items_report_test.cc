#include "core/lab/cold_items_report.h"

#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace ridgeline {
namespace {

using testing::HasSubstr;

ColdItemsReport SmallColdItemsReport() {
  ColdItemsReport report;
  report.items = 7;
  report.tagged_items = 6;
  report.tags = 20;
  report.test_interactions = 40;
  report.test_users = 12;
  report.other_interactions = 90;
  report.mapping_regularization = 0.3;
  report.metrics = {"ndcg@20", "recall@20"};
  report.placements.push_back({Placement::kRandom, 0, {{{"ndcg@20", 0.125}, {"recall@20", 0.25}}, {}, {}}});
  report.placements.push_back(
      {Placement::kBlend, 3, {{{"ndcg@20", 0.5}}, {{"ndcg@20", 0.4}}, {{"ndcg@20", 0.3}}}});
  return report;
}

TEST(ColdItemsReport, TheTableHasALineAPlacementAndDashesForWhatMakesNoSense) {
  std::ostringstream out;
  PrintTable(SmallColdItemsReport(), out);
  EXPECT_THAT(out.str(), HasSubstr("7 items held out, 6 of them with a tag of the 20 mapped"));
  EXPECT_THAT(out.str(), HasSubstr("40 interactions of 12 users, and on 90 with other items"));
  EXPECT_THAT(out.str(), HasSubstr("random          0      0.1250     0.2500           -          - "));
  EXPECT_THAT(out.str(),
              HasSubstr("blend           3      0.5000          -      0.4000          -      0.3000"));
}

TEST(ColdItemsReport, TheColumnsStandUnderTheirNames) {
  std::ostringstream out;
  PrintTable(SmallColdItemsReport(), out);
  std::istringstream lines(out.str());
  std::string line;
  std::vector<size_t> widths;
  for (int at = 0; std::getline(lines, line); ++at) {
    if (at >= 2) widths.push_back(line.find_last_not_of(' ') + 1);
  }
  ASSERT_EQ(widths.size(), 4u);
  EXPECT_THAT(widths, testing::Each(widths[0]));
}

TEST(ColdItemsReport, JsonHasEveryFigure) {
  std::ostringstream out;
  PrintJson(SmallColdItemsReport(), out);
  const auto json = nlohmann::json::parse(out.str());
  EXPECT_EQ(json["items"], 7);
  EXPECT_EQ(json["tagged_items"], 6);
  EXPECT_EQ(json["tags"], 20);
  EXPECT_EQ(json["placements"][0]["placement"], "random");
  EXPECT_EQ(json["placements"][0]["held_out_alone"]["recall@20"], 0.25);
  EXPECT_TRUE(json["placements"][0]["among_all"].empty());
  EXPECT_EQ(json["placements"][1]["known"], 3);
  EXPECT_EQ(json["placements"][1]["other_items"]["ndcg@20"], 0.3);
}

}  // namespace
}  // namespace ridgeline
