// Many swaps of the live model: no call fails, nothing of a retired model stays, and none takes long.

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/integration/movielens_server.h"
#include "tests/support/long_form.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

class ManySwaps : public testing::Test {
 protected:
  void SetUp() override {
    if (MovieLensDirectory().empty()) GTEST_SKIP() << "../shared/data/ml-latest-small is absent";
    absl::StatusOr<ServerProcess> server = StartTrainedMovieLensServer(directory_.File("data"));
    ASSERT_TRUE(server.ok()) << server.status();
    server_.emplace(*std::move(server));
    client_ = ClientOf(*server_);
    ASSERT_EQ(server_->Client({"train", "--watch"})->exit_code, 0);  // v000002
  }

  // Swaps v000001 and v000002 in, one after the other, `swaps` times.
  void Swap(int swaps) {
    v1::ActivateModelRequest request;
    for (int i = 0; i < swaps; ++i) {
      request.set_version(i % 2 == 0 ? "v000001" : "v000002");
      const auto activated = client_->ActivateModel(request);
      ASSERT_TRUE(activated.ok()) << activated.status();
    }
  }

  // The least memory seen after each of `swaps` swaps, an even number: what is held for a moment, by a call
  // that is answered from a model just retired, does not count.
  double LeastMemoryAfter(int swaps) {
    double least = Metric("process_resident_memory_bytes");
    for (int i = 0; i < swaps; i += 2) {
      Swap(2);
      least = std::min(least, Metric("process_resident_memory_bytes"));
    }
    return least;
  }

  // A figure of /metrics without labels.
  double Metric(const std::string& name) const {
    const absl::StatusOr<std::string> text = server_->HttpGet("/metrics");
    const size_t line = text.ok() ? text->find("\n" + name + " ") : std::string::npos;
    if (line == std::string::npos) return -1.0;
    const size_t begin = line + name.size() + 2;
    double value = -1.0;
    EXPECT_TRUE(absl::SimpleAtod(text->substr(begin, text->find('\n', begin) - begin), &value));
    return value;
  }

  TempDir directory_;
  absl::optional<ServerProcess> server_;
  std::unique_ptr<RecommenderClient> client_;
};

TEST_F(ManySwaps, NeitherFailACallNorKeepMemory) {
  std::atomic<bool> stopped{false};
  std::atomic<int> failures{0};
  std::thread caller([&] {
    const auto client = ClientOf(*server_);
    while (!stopped) failures += !client->Recommend(RecommendTo("15")).ok();
  });
  Swap(10);
  const double first = LeastMemoryAfter(20);
  Swap(150);
  const double last = LeastMemoryAfter(20);
  stopped = true;
  caller.join();
  EXPECT_EQ(failures, 0);
  EXPECT_GT(first, 0.0);
  EXPECT_LT(last, 1.05 * first);
  RecordProperty("resident_bytes_after_30_swaps", std::to_string(first));
  RecordProperty("resident_bytes_after_200_swaps", std::to_string(last));
}

TEST_F(ManySwaps, ARetiredModelIsGoneWithoutAFurtherSwap) {
  Swap(1);
  while (Metric("ridgeline_retired_snapshots") != 0.0) std::this_thread::yield();
}

constexpr int kActivations = 5;

// What is promised, where that is measured. A model is loaded at the lowest priority, so that other work on
// the machine holds it up at will.
absl::Duration AllowedForRollback() {
  return LongForm() ? absl::Seconds(1) : absl::Minutes(1);
}

// Activates v000001 and v000002 in turn, as whoever rolls back does; how long the client waited for each,
// shortest first. The next answer is the activated model's.
std::vector<absl::Duration> TimeActivations(RecommenderClient& client) {
  std::vector<absl::Duration> times;
  for (int i = 0; i < kActivations; ++i) {
    v1::ActivateModelRequest request;
    request.set_version(i % 2 == 0 ? "v000001" : "v000002");
    const absl::Time start = absl::Now();
    const absl::StatusOr<v1::Model> activated = client.ActivateModel(request, {absl::Minutes(2)});
    times.push_back(absl::Now() - start);
    EXPECT_TRUE(activated.ok()) << activated.status();
    const absl::StatusOr<v1::RecommendResponse> answer = client.Recommend(RecommendTo("15"));
    EXPECT_EQ(answer.ok() ? answer->model_version() : answer.status().ToString(), request.version());
  }
  std::sort(times.begin(), times.end());
  return times;
}

// That the slowest of some activations in a row takes no longer than is allowed, within a minute of trying.
// How many activations there were.
int ExpectQuickRollback(RecommenderClient& client) {
  const absl::Time deadline = absl::Now() + absl::Minutes(1);
  int rounds = 0;
  std::vector<absl::Duration> times;
  do {
    times = TimeActivations(client);
    ++rounds;
  } while (times.back() >= AllowedForRollback() && absl::Now() < deadline && !testing::Test::HasFailure());
  EXPECT_LT(times.back(), AllowedForRollback()) << "in each of " << rounds << " rounds";
  const absl::StatusOr<v1::Model> model = client.GetModel({});
  EXPECT_TRUE(model.ok()) << model.status();
  if (testing::Test::HasFailure()) return rounds * kActivations;
  const auto text = [](absl::Duration time) {
    return absl::FormatDuration(absl::Ceil(time, absl::Milliseconds(1)));
  };
  ReportFigure(absl::StrCat("ActivateModel of ", model->user_count(), " users and ", model->item_count(),
                            " items x ", model->hyperparameters().factors(), ": median ",
                            text(times[kActivations / 2]), ", slowest ", text(times.back()), " of ",
                            kActivations, ", in round ", rounds));
  return rounds * kActivations;
}

// Processor time of all programs that were started here and have ended.
absl::Duration ProcessorTimeOfChildren() {
  rusage usage = {};
  getrusage(RUSAGE_CHILDREN, &usage);
  return absl::DurationFromTimeval(usage.ru_utime) + absl::DurationFromTimeval(usage.ru_stime);
}

TEST_F(ManySwaps, ARollbackTakesLessThanASecond) {
  ExpectQuickRollback(*client_);
}

TEST(ManyItems, ARollbackTakesLessThanASecond) {
  const TempDir directory;
  const std::string lab = ProgramPath("ridgeline-lab");
  const std::string events = directory.File("events.csv");
  const auto made = RunCommand({lab, "generate", "--users", "20000", "--items", "220000", "--interactions",
                                "1000000", "--exponent", "0.5", "--output", events});
  ASSERT_TRUE(made.ok()) << made.status();
  ASSERT_EQ(made->exit_code, 0) << made->standard_error;
  for (const char* seed : {"1", "2"}) {
    const auto trained =
        RunCommand({lab, "train", "--train", events, "--feedback", "implicit", "--factors", "64",
                    "--iterations", "1", "--seed", seed, "--publish", directory.File("data")});
    ASSERT_TRUE(trained.ok()) << trained.status();
    ASSERT_EQ(trained->exit_code, 0) << trained->standard_error;
  }
  absl::StatusOr<ServerProcess> server = ServerProcess::Start(directory.File("data"));
  ASSERT_TRUE(server.ok()) << server.status();
  const std::unique_ptr<RecommenderClient> client = ClientOf(*server);
  const int activations = ExpectQuickRollback(*client);
  const absl::StatusOr<v1::Model> model = client->GetModel({});
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_GE(model->item_count(), 200'000);

  // However busy the machine is: with the start, and all that the server did beside.
  const absl::Duration before = ProcessorTimeOfChildren();
  server->Kill();
  const absl::Duration used = ProcessorTimeOfChildren() - before;
  EXPECT_GT(used, absl::ZeroDuration());
  EXPECT_LT(used, activations * absl::Seconds(1));
}

}  // namespace
}  // namespace ridgeline
