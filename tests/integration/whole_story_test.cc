// The whole of what the server is for, with the real programs on real data.

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/movielens_server.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

// Star Wars, The Empire Strikes Back, Return of the Jedi; and what nearly everybody who likes them likes too.
constexpr const char* kStarWars[] = {"260", "1196", "1210"};
constexpr const char* kRaidersOfTheLostArk = "1198";

v1::RecordInteractionsRequest ThreeRatings(const std::string& user_id) {
  v1::RecordInteractionsRequest request;
  for (const char* item_id : kStarWars) {
    v1::Interaction* interaction = request.add_interactions();
    interaction->set_user_id(user_id);
    interaction->set_item_id(item_id);
  }
  return request;
}

// Asks for the same user without pause and keeps what each model version answered.
class SteadyCaller {
 public:
  explicit SteadyCaller(const ServerProcess& server)
      : client_(ClientOf(server)), thread_([this] { Run(); }) {}

  // Ends with one more call, which begins after this one; to be called once.
  void Stop() {
    stopped_ = true;
    thread_.join();
  }

  int calls() const { return calls_; }
  int failures() const { return failures_; }
  const std::map<std::string, std::vector<v1::RecommendResponse>>& answers() const { return answers_; }

 private:
  void Run() {
    for (bool last = false; !last;) {
      last = stopped_;
      absl::StatusOr<v1::RecommendResponse> answer = client_->Recommend(RecommendTo("15"));
      ++calls_;
      if (answer.ok()) {
        answers_[answer->model_version()].push_back(*std::move(answer));
      } else {
        ++failures_;
      }
    }
  }

  const std::unique_ptr<RecommenderClient> client_;
  std::atomic<bool> stopped_{false};
  int calls_ = 0;
  int failures_ = 0;
  std::map<std::string, std::vector<v1::RecommendResponse>> answers_;
  std::thread thread_;
};

// Items and scores, which must be the same in every answer of one version.
std::vector<std::pair<std::string, float>> Content(const v1::RecommendResponse& response) {
  std::vector<std::pair<std::string, float>> content;
  for (const v1::Recommendation& item : response.recommendations()) {
    content.emplace_back(item.item_id(), item.score());
  }
  return content;
}

// Starts a training and watches it to its end; returns how it ended.
v1::Training TrainAndWatch(RecommenderClient& client) {
  const absl::StatusOr<v1::Training> started = client.StartTraining({});
  EXPECT_TRUE(started.ok()) << started.status();
  v1::WatchTrainingRequest watch;
  if (started.ok()) watch.set_training_id(started->id());
  v1::Training last;
  const absl::Status watched = client.WatchTraining(watch, [&last](const v1::Training& training) {
    last = training;
    return true;
  });
  EXPECT_TRUE(watched.ok()) << watched;
  return last;
}

class WholeStory : public testing::Test {
 protected:
  void SetUp() override {
    if (MovieLensDirectory().empty()) GTEST_SKIP() << "../shared/data/ml-latest-small is absent";
    absl::StatusOr<ServerProcess> server = StartTrainedMovieLensServer(directory_.File("data"));
    ASSERT_TRUE(server.ok()) << server.status();
    server_.emplace(*std::move(server));
    client_ = ClientOf(*server_);
  }

  TempDir directory_;
  absl::optional<ServerProcess> server_;
  std::unique_ptr<RecommenderClient> client_;
};

TEST_F(WholeStory, ImportsTrainsRecommendsRecordsRetrainsAndSwapsWithoutAFailedCall) {
  // A trained user, by title.
  const absl::StatusOr<CommandResult> shown = server_->Client({"recommend", "--user", "15"});
  ASSERT_TRUE(shown.ok());
  EXPECT_EQ(shown->exit_code, 0) << shown->standard_error;
  EXPECT_THAT(shown->standard_output, HasSubstr("(19"));  // a year, as in every title

  // A user never seen: popular items, said so.
  absl::StatusOr<v1::RecommendResponse> answer = client_->Recommend(RecommendTo("a new visitor"));
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->source(), v1::SOURCE_POPULAR);
  EXPECT_EQ(answer->recommendations_size(), 10);

  // Three ratings, and the very next call heeds them.
  const auto recorded = client_->RecordInteractions(ThreeRatings("a new visitor"));
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  EXPECT_EQ(recorded->recorded_count(), 3);
  answer = client_->Recommend(RecommendTo("a new visitor"));
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->source(), v1::SOURCE_FOLD_IN);
  EXPECT_EQ(answer->recommendations_size(), 10);
  EXPECT_THAT(ItemIds(*answer), Contains(kRaidersOfTheLostArk));
  for (const char* seen : kStarWars) EXPECT_THAT(ItemIds(*answer), Not(Contains(seen)));

  // A retrain in the background while somebody calls without pause.
  SteadyCaller caller(*server_);
  const v1::Training training = TrainAndWatch(*client_);
  EXPECT_EQ(training.state(), v1::TRAINING_STATE_SUCCEEDED) << training.DebugString();
  const absl::StatusOr<v1::RecommendResponse> after = client_->Recommend(RecommendTo("15"));
  ASSERT_TRUE(after.ok()) << after.status();
  const absl::StatusOr<v1::RecommendResponse> trained = client_->Recommend(RecommendTo("a new visitor"));
  ASSERT_TRUE(trained.ok()) << trained.status();
  EXPECT_EQ(trained->source(), v1::SOURCE_MODEL);
  caller.Stop();

  EXPECT_EQ(after->model_version(), training.model_version());
  EXPECT_NE(after->model_version(), answer->model_version());
  EXPECT_EQ(caller.failures(), 0) << "of " << caller.calls();
  EXPECT_EQ(caller.answers().size(), 2u);  // the old version and the new one, both seen
  for (const auto& [version, answers] : caller.answers()) {
    for (const v1::RecommendResponse& one : answers) EXPECT_EQ(Content(one), Content(answers[0])) << version;
  }
  EXPECT_NE(Content(caller.answers().begin()->second[0]), Content(*after));

  // It ends in good order.
  EXPECT_EQ(server_->Terminate(absl::Seconds(15)), 0);
}

TEST_F(WholeStory, AModelSurvivesARestartAndAnswersTheSame) {
  const absl::StatusOr<v1::RecommendResponse> before = client_->Recommend(RecommendTo("15"));
  ASSERT_TRUE(before.ok()) << before.status();
  ASSERT_EQ(server_->Terminate(absl::Seconds(15)), 0);

  absl::StatusOr<ServerProcess> again =
      ServerProcess::Start(directory_.File("data"), {"--feedback", "implicit"});
  ASSERT_TRUE(again.ok()) << again.status();
  const absl::StatusOr<v1::RecommendResponse> after = ClientOf(*again)->Recommend(RecommendTo("15"));
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ(Content(*after), Content(*before));
  EXPECT_EQ(after->model_version(), before->model_version());
}

TEST_F(WholeStory, PrometheusFindsWhatHappened) {
  ASSERT_TRUE(client_->Recommend(RecommendTo("15")).ok());
  const absl::StatusOr<std::string> metrics = server_->HttpGet("/metrics");
  ASSERT_TRUE(metrics.ok()) << metrics.status();
  EXPECT_THAT(*metrics, HasSubstr("ridgeline_rpc_requests_total"));
  EXPECT_THAT(*metrics, HasSubstr("ridgeline_training_runs_total{result=\"succeeded\"} 1"));
  EXPECT_THAT(*metrics, HasSubstr("ridgeline_stage_duration_seconds_bucket{stage=\"retrieval\""));
  EXPECT_TRUE(server_->HttpGet("/healthz").ok());
  EXPECT_TRUE(server_->HttpGet("/readyz").ok());
}

TEST_F(WholeStory, TheMedianCallTakesLessThanAMillisecond) {
  const absl::StatusOr<CommandResult> result =
      server_->Client({"--json", "recommend", "--user", "15", "--repeat", "2000"});
  ASSERT_TRUE(result.ok()) << result.status();
  ASSERT_EQ(result->exit_code, 0) << result->standard_error;
  const size_t at = result->standard_output.find("\"p50\"");
  ASSERT_NE(at, std::string::npos) << result->standard_output;
  const double median_ms =
      std::stod(result->standard_output.substr(result->standard_output.find(':', at) + 1));
  RecordProperty("median_ms", std::to_string(median_ms));
  EXPECT_LT(median_ms, 1.0);
}

}  // namespace
}  // namespace ridgeline
