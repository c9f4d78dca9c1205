// Many swaps of the live model: no call fails, and nothing of a retired model stays.

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>

#include "absl/strings/numbers.h"
#include "gtest/gtest.h"
#include "tests/integration/movielens_server.h"
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

}  // namespace
}  // namespace ridgeline
