#include "server/metrics.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <map>
#include <memory>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/server.h"
#include "tests/server/access/schema.h"
#include "tests/server/access/test_keys.h"
#include "tests/server/http_client.h"
#include "tests/server/raw_call.h"
#include "tests/server/world.h"

namespace ridgeline {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
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

TEST(Metrics, CountsRefusalsAtALimitByClientAndHowManyNamesHaveFiguresIsBounded) {
  Metrics metrics("1");
  EXPECT_THAT(metrics.Serialize(), HasSubstr("ridgeline_rpc_limited_total{client=\"(others)\"} 0\n"));
  for (size_t i = 0; i < Metrics::kMostLimitedClients + 3; ++i)
    metrics.CountLimited(absl::StrCat("client-", i));
  metrics.CountLimited("client-0");
  const std::string text = metrics.Serialize();
  EXPECT_THAT(text, HasSubstr("ridgeline_rpc_limited_total{client=\"client-0\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_rpc_limited_total{client=\"client-63\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("client-64")));
  EXPECT_THAT(text, HasSubstr("ridgeline_rpc_limited_total{client=\"(others)\"} 3\n"));
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

// What a server exposes: of each series' name, the labels and their values.
using Exposed = std::map<std::string, std::map<std::string, std::set<std::string>>>;

std::vector<std::smatch> MatchesOf(const std::string& line, const std::regex& pattern) {
  return {std::sregex_iterator(line.begin(), line.end(), pattern), std::sregex_iterator()};
}

Exposed ParseExposition(const std::string& text) {
  static const std::regex series("^(\\w+)(\\{[^}]*\\})? ");
  static const std::regex label("(\\w+)=\"([^\"]*)\"");
  Exposed exposed;
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(text, '\n'))) {
    for (const std::smatch& found : MatchesOf(line, series)) {
      auto& labels = exposed[found.str(1)];
      const std::string pairs = found.str(2);
      for (const std::smatch& pair : MatchesOf(pairs, label)) labels[pair.str(1)].insert(pair.str(2));
    }
  }
  return exposed;
}

// Those that Prometheus adds.
bool IsOfTheScrape(const std::string& label) {
  return label == "instance" || label == "job";
}

// What in a line of rules no server has: series, labels and, where `with_values`, what they are compared
// with.
std::vector<std::string> NotExposed(const std::string& line, const Exposed& exposed, bool with_values) {
  static const std::regex selector("(ridgeline_\\w+)(\\{[^}]*\\})?");
  static const std::regex matcher("(\\w+)=~?\"([^\"]*)\"");
  std::vector<std::string> missing;
  for (const std::smatch& selected : MatchesOf(line, selector)) {
    const std::string name = selected.str(1);
    const std::string matchers = selected.str(2);
    const auto series = exposed.find(name);
    if (series == exposed.end()) missing.push_back(name);
    if (series == exposed.end()) continue;
    for (const std::smatch& match : MatchesOf(matchers, matcher)) {
      if (IsOfTheScrape(match.str(1))) continue;
      const auto label = series->second.find(match.str(1));
      if (label == series->second.end()) missing.push_back(absl::StrCat(name, "{", match.str(1), "}"));
      if (label == series->second.end() || !with_values) continue;
      for (const std::string& value : std::vector<std::string>(absl::StrSplit(match.str(2), '|'))) {
        if (label->second.count(value) > 0) continue;
        missing.push_back(absl::StrCat(name, "{", match.str(1), "=", value, "}"));
      }
    }
  }
  return missing;
}

// Labels that a line of rules groups by or tells, and no series has.
std::vector<std::string> UnknownLabels(const std::string& line, const Exposed& exposed) {
  static const std::regex grouping("by \\(([^)]*)\\)|\\$labels\\.(\\w+)");
  std::set<std::string> known;
  for (const auto& [name, labels] : exposed) {
    for (const auto& [label, values] : labels) known.insert(label);
  }
  std::vector<std::string> missing;
  for (const std::smatch& match : MatchesOf(line, grouping)) {
    const std::string list = match.str(1) + match.str(2);
    for (const std::string& label : std::vector<std::string>(absl::StrSplit(list, ", "))) {
      if (!IsOfTheScrape(label) && known.count(label) == 0) missing.push_back(label);
    }
  }
  return missing;
}

std::vector<std::string> LinesOf(const std::string& path) {
  const auto text = ReadFile(absl::StrCat(RIDGELINE_SOURCE_DIR, "/", path));
  EXPECT_TRUE(text.ok()) << text.status();
  return absl::StrSplit(text.value_or(""), '\n');
}

// A whole server that serves a model.
class AlertedServerTest : public testing::Test {
 protected:
  AlertedServerTest() {
    options_.data_dir = dir_.File("data");
    options_.grpc_address = "127.0.0.1:0";
    options_.http_address = "127.0.0.1:0";
    const Stores stores = OpenStores(options_.data_dir).value();
    const ModelInfo info = stores.models->Publish(*World::SmallModel(), ModelInfo()).value();
    EXPECT_TRUE(stores.models->SetLive(info.version).ok());
  }

  Exposed Scrape() {
    const auto server = Server::Start(options_, &logger_, &clock_);
    EXPECT_TRUE(server.ok()) << server.status();
    return ParseExposition(Http((*server)->http_port(), "GET", "/metrics"));
  }

  const TempDir dir_;
  const SystemClock clock_;
  Logger logger_{LogLevel::kError, &clock_};
  ServerOptions options_;
};

// A figure that is renamed would otherwise silence an alert.
TEST_F(AlertedServerTest, ExposesEverySeriesAndLabelThatAnAlertAsksFor) {
  const Exposed exposed = Scrape();
  std::set<std::string> asked;
  for (const char* path : {"deploy/alerts.yml", "deploy/prometheus.yml", "tests/deploy/alerts_test.yml"}) {
    // The tests of the rules make up values.
    const bool with_values = absl::string_view(path) != "tests/deploy/alerts_test.yml";
    for (const std::string& line : LinesOf(path)) {
      EXPECT_THAT(NotExposed(line, exposed, with_values), IsEmpty()) << path << ": " << line;
      EXPECT_THAT(UnknownLabels(line, exposed), IsEmpty()) << path << ": " << line;
      static const std::regex name("ridgeline_\\w+");
      if (with_values) {
        for (const std::smatch& match : MatchesOf(line, name)) asked.insert(match.str());
      }
    }
  }
  EXPECT_GE(asked.size(), 10u) << "so many are known to be in the rules";
  EXPECT_THAT(asked, Contains("ridgeline_rpc_duration_seconds_bucket"));
}

TEST_F(AlertedServerTest, WhatItDoesNotExposeIsFound) {
  const Exposed exposed = Scrape();
  const auto missing = [&](const std::string& line) { return NotExposed(line, exposed, true); };
  EXPECT_THAT(missing("rate(ridgeline_rpc_requests_total{code=\"OK\", instance=\"a\"}[5m]) > 1"), IsEmpty());
  EXPECT_THAT(missing("ridgeline_rpc_request_total{code=\"OK\"} / ridgeline_data_disk_bytes"),
              ElementsAre("ridgeline_rpc_request_total"));
  EXPECT_THAT(missing("ridgeline_rpc_requests_total{status=\"OK\"}"),
              ElementsAre("ridgeline_rpc_requests_total{status}"));
  EXPECT_THAT(missing("ridgeline_rpc_requests_total{code=~\"OK|LOST\"}"),
              ElementsAre("ridgeline_rpc_requests_total{code=LOST}"));
  EXPECT_THAT(UnknownLabels("sum by (instance, methods, le) (x) {{ $labels.cause }}", exposed),
              ElementsAre("methods", "cause"));
}

// Whatever it calls, a client at its limit neither makes the server look overloaded nor slow.
TEST_F(AlertedServerTest, ARefusalAtALimitCountsForItsClientAndForNoMethod) {
  options_.api_keys =
      dir_.Write("keys", KeyLine("prometheus", "\"reader\"", "rk_prometheus") +
                             KeyLine("noisy", "\"admin\"", "rk_noisy",
                                     R"(, "limits": {"calls_per_second": 0.0001, "burst": 1})"));
  const auto server = Server::Start(options_, &logger_, &clock_);
  ASSERT_TRUE(server.ok()) << server.status();
  const auto channel = grpc::CreateChannel(absl::StrCat("127.0.0.1:", (*server)->grpc_port()),
                                           grpc::InsecureChannelCredentials());
  const auto code = [&](const std::string& path) {
    return CallWithBytes(channel, path, "\x0a\x7f", "rk_noisy").error_code();
  };
  EXPECT_EQ(code("/ridgeline.v1.RecommendationService/Recommend"), grpc::INVALID_ARGUMENT);
  int refused = 0;
  for (const auto* method : MethodsOfTheSchema()) {
    EXPECT_EQ(code(PathOf(*method)), grpc::RESOURCE_EXHAUSTED) << PathOf(*method);
    ++refused;
  }
  const std::string text =
      Exchange((*server)->http_port(),
               "GET /metrics HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer rk_prometheus\r\n\r\n");
  EXPECT_THAT(text, HasSubstr(absl::StrCat("ridgeline_rpc_limited_total{client=\"noisy\"} ", refused, "\n")));
  for (const auto* method : MethodsOfTheSchema()) {
    const std::string label = absl::StrCat("method=\"", method->name(), "\"} ");
    EXPECT_THAT(text, HasSubstr(absl::StrCat("ridgeline_rpc_requests_total{code=\"RESOURCE_EXHAUSTED\",",
                                             label, "0\n")));
    EXPECT_THAT(text, HasSubstr(absl::StrCat("ridgeline_rpc_duration_seconds_count{", label,
                                             method->name() == "Recommend" ? 1 : 0, "\n")));
  }
  EXPECT_THAT(text, HasSubstr("ridgeline_rpc_in_flight 0\n"));
}

TEST(Alerts, AreAboutTheJobThatIsScraped) {
  static const std::regex up("up\\{job=\"(\\w+)\"\\}");
  const std::vector<std::string> scrape = LinesOf("deploy/prometheus.yml");
  int jobs = 0;
  for (const std::string& line : LinesOf("deploy/alerts.yml")) {
    for (const std::smatch& match : MatchesOf(line, up)) {
      ++jobs;
      EXPECT_THAT(scrape, Contains(absl::StrCat("  - job_name: ", match.str(1))));
    }
  }
  EXPECT_EQ(jobs, 1);
}

}  // namespace
}  // namespace ridgeline
