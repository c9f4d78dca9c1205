#include "core/lab/evaluation_report.h"

#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace ridgeline {
namespace {

using testing::HasSubstr;

EvaluationReport SmallEvaluationReport() {
  FactorModelParts parts;
  parts.hyperparameters.factors = 0;
  parts.user_ids = std::make_shared<const IdMap>();
  parts.item_ids = std::make_shared<const IdMap>();
  EvaluationReport report;
  report.training.model = FactorModel::Create(std::move(parts)).value();
  report.training.train_seconds = 1.5;
  report.training.epoch_seconds = {0.7, 0.8};
  report.training.objective = {10.0, 9.0};
  report.users = 3;
  report.items = 4;
  report.interactions = 5;
  report.metrics = {{"rmse", 0.9}, {"ndcg@20", 0.25}};
  report.baselines = {{"popularity", {{"ndcg@20", 0.1}}},
                      {"bias", {{"rmse", 0.95}, {"regularization", 5.0}}}};
  report.peak_rss_bytes = 2 << 20;
  return report;
}

TEST(EvaluationReport, JsonHasEveryPromisedKeyOnOneLine) {
  std::ostringstream out;
  PrintJson(SmallEvaluationReport(), out);
  EXPECT_EQ(out.str().find('\n'), out.str().size() - 1);
  const auto json = nlohmann::json::parse(out.str());
  EXPECT_EQ(json["rmse"], 0.9);
  EXPECT_EQ(json["ndcg@20"], 0.25);
  EXPECT_EQ(json["baselines"]["popularity"]["ndcg@20"], 0.1);
  EXPECT_EQ(json["baselines"]["bias"]["rmse"], 0.95);
  EXPECT_EQ(json["epoch_seconds"], (std::vector<double>{0.7, 0.8}));
  EXPECT_EQ(json["objective"], (std::vector<double>{10.0, 9.0}));
  EXPECT_EQ(json["train_seconds"], 1.5);
  EXPECT_EQ(json["peak_rss_bytes"], 2 << 20);
  EXPECT_EQ(json["users"], 3);
  EXPECT_EQ(json["items"], 4);
  EXPECT_EQ(json["interactions"], 5);
}

TEST(EvaluationReport, TableShowsBaselinesBesideAndADashWhereAMetricDoesNotApply) {
  std::ostringstream out;
  PrintTable(SmallEvaluationReport(), out);
  EXPECT_THAT(out.str(), HasSubstr("ndcg@20             0.2500           -      0.1000"));
  EXPECT_THAT(out.str(), HasSubstr("rmse                0.9000      0.9500           -"));
  EXPECT_THAT(out.str(), HasSubstr("2 iterations"));
}

}  // namespace
}  // namespace ridgeline
