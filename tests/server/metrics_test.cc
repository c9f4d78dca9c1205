#include "server/metrics.h"

#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Metrics, EverythingIsThereBeforeTheFirstCall) {
  Metrics metrics("1.2.3");
  metrics.Method("Recommend");
  const std::string text = metrics.Serialize();
  EXPECT_THAT(text, HasSubstr("ridgeline_build_info{version=\"1.2.3\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_rpc_requests_total{code=\"OK\",method=\"Recommend\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_rpc_requests_total{code=\"DATA_LOSS\",method=\"Recommend\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_rpc_duration_seconds_count{method=\"Recommend\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_rpc_in_flight 0\n"));
  for (const char* stage : {"queueing", "fold_in", "retrieval"}) {
    EXPECT_THAT(
        text, HasSubstr(std::string("ridgeline_stage_duration_seconds_count{stage=\"") + stage + "\"} 0\n"));
  }
  for (const char* result : {"succeeded", "failed", "cancelled"}) {
    EXPECT_THAT(text, HasSubstr(std::string("ridgeline_training_runs_total{result=\"") + result + "\"} 0\n"));
  }
  EXPECT_THAT(text, HasSubstr("ridgeline_interactions_recorded_total 0\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_interactions_duplicate_total 0\n"));
}

TEST(Metrics, CountsCallsByMethodAndCode) {
  Metrics metrics("1");
  MethodMetrics recommend = metrics.Method("Recommend");
  metrics.CallBegins();
  EXPECT_THAT(metrics.Serialize(), HasSubstr("ridgeline_rpc_in_flight 1\n"));
  metrics.CallEnds();
  recommend.Record(absl::StatusCode::kOk, absl::Milliseconds(3));
  recommend.Record(absl::StatusCode::kOk, absl::Milliseconds(300));
  recommend.Record(absl::StatusCode::kInvalidArgument, absl::Milliseconds(1));
  recommend.Record(static_cast<absl::StatusCode>(1234), absl::Milliseconds(1));
  const std::string text = metrics.Serialize();
  EXPECT_THAT(text, HasSubstr("{code=\"OK\",method=\"Recommend\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("{code=\"INVALID_ARGUMENT\",method=\"Recommend\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("{code=\"UNKNOWN\",method=\"Recommend\"} 1\n"));
  EXPECT_THAT(text,
              HasSubstr("ridgeline_rpc_duration_seconds_bucket{method=\"Recommend\",le=\"0.005\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_rpc_in_flight 0\n"));
}

TEST(Metrics, TellsWhatScansLookedAt) {
  Metrics metrics("1");
  metrics.ObserveScans({.queries = 2, .rows = 200, .scanned = 150, .rescored = 7});
  const std::string text = metrics.Serialize();
  EXPECT_THAT(text, HasSubstr("ridgeline_scan_items_total 200\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_scan_items_scanned_total 150\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_scan_items_rescored_total 7\n"));
}

TEST(Metrics, TellsBatchesAndDroppedCalls) {
  Metrics metrics("1");
  metrics.ObserveBatch(3);
  metrics.CountDropped(absl::StatusCode::kDeadlineExceeded);
  const std::string text = metrics.Serialize();
  EXPECT_THAT(text, HasSubstr("ridgeline_recommend_batch_size_bucket{le=\"4\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_rpc_dropped_total{reason=\"expired\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_rpc_dropped_total{reason=\"cancelled\"} 0\n"));
}

TEST(Metrics, OnlyFoldedInAnswersCountAsFoldIn) {
  Metrics metrics("1");
  metrics.ObserveRecommendation({absl::Microseconds(1), absl::Microseconds(50)}, RecommendationSource::kModel,
                                Arm::kLive);
  metrics.ObserveRecommendation({absl::Microseconds(90), absl::Microseconds(50)},
                                RecommendationSource::kFoldIn, Arm::kCandidate);
  const std::string text = metrics.Serialize();
  EXPECT_THAT(text, HasSubstr("ridgeline_stage_duration_seconds_count{stage=\"fold_in\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_stage_duration_seconds_count{stage=\"retrieval\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_recommendations_total{arm=\"live\",source=\"model\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_recommendations_total{arm=\"candidate\",source=\"fold_in\"} 1\n"));
}

TEST(Metrics, ShowsHitsOfRecommendations) {
  Metrics metrics("1");
  metrics.hits().Know("v000002");
  metrics.hits().Count("a-1.v000002.fold_in", ServedModels());
  EXPECT_THAT(metrics.Serialize(),
              HasSubstr("ridgeline_recommendation_hits_total{version=\"v000002\",source=\"fold_in\"} 1\n"));
}

TEST(Metrics, CountsInteractionsAndTrainings) {
  Metrics metrics("1");
  metrics.CountInteractions(7, 2);
  metrics.CountTraining(TrainingState::kSucceeded);
  metrics.CountTraining(TrainingState::kFailed);
  metrics.CountTraining(TrainingState::kHeldBack);
  metrics.CountTraining(TrainingState::kRunning);  // has not ended
  const std::string text = metrics.Serialize();
  EXPECT_THAT(text, HasSubstr("ridgeline_interactions_recorded_total 7\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_interactions_duplicate_total 2\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_training_runs_total{result=\"succeeded\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_training_runs_total{result=\"failed\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_training_runs_total{result=\"cancelled\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_training_runs_total{result=\"held_back\"} 1\n"));
}

class OneGauge final : public prometheus::Collectable {
 public:
  std::vector<prometheus::MetricFamily> Collect() const override {
    prometheus::MetricFamily family;
    family.name = "one_gauge";
    family.type = prometheus::MetricType::Gauge;
    family.metric.resize(1);
    return {family};
  }
};

TEST(Metrics, AsksItsSourcesAsLongAsTheyExist) {
  Metrics metrics("1");
  auto source = std::make_shared<OneGauge>();
  metrics.AddSource(source);
  EXPECT_THAT(metrics.Serialize(), HasSubstr("one_gauge 0\n"));
  source.reset();
  EXPECT_THAT(metrics.Serialize(), Not(HasSubstr("one_gauge")));
}

}  // namespace
}  // namespace ridgeline
