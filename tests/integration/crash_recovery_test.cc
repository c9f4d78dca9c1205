// kill -9 at a moment of the test's choosing: what was acknowledged is there afterwards.

#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "gtest/gtest.h"
#include "tests/integration/movielens_server.h"
#include "tests/support/long_form.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

constexpr int kBatch = 10;

v1::Interaction Event(const std::string& user_id, int number) {
  v1::Interaction interaction;
  interaction.set_user_id(user_id);
  interaction.set_item_id(absl::StrCat("item-", number));
  interaction.set_event_id(absl::StrCat(user_id, "-", number));
  return interaction;
}

// Batch `batch` of a user: events batch * kBatch and on.
template <typename Request>
Request Batch(const std::string& user_id, int batch) {
  Request request;
  for (int i = 0; i < kBatch; ++i) *request.add_interactions() = Event(user_id, batch * kBatch + i);
  return request;
}

// Records batches until a call fails; returns how many were acknowledged. Counts them in `total` as they are.
int RecordUntilFailure(const ServerProcess& server, const std::string& user_id, std::atomic<int>* total) {
  const std::unique_ptr<RecommenderClient> client = ClientOf(server);
  int acknowledged = 0;
  while (client->RecordInteractions(Batch<v1::RecordInteractionsRequest>(user_id, acknowledged)).ok()) {
    ++acknowledged;
    ++*total;
  }
  return acknowledged;
}

// Streams batches until the stream breaks; returns how many were sent.
int ImportUntilFailure(const ServerProcess& server, const std::string& user_id) {
  const std::unique_ptr<ImportWriter> writer = ClientOf(server)->ImportInteractions();
  int sent = 0;
  while (writer->Write(Batch<v1::ImportInteractionsRequest>(user_id, sent)).ok()) ++sent;
  return sent;
}

std::vector<v1::Interaction> HistoryOf(RecommenderClient& client, const std::string& user_id) {
  std::vector<v1::Interaction> history;
  v1::ListInteractionsRequest request;
  request.set_user_id(user_id);
  request.set_page_size(10'000);
  do {
    const absl::StatusOr<v1::ListInteractionsResponse> page = client.ListInteractions(request);
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) break;
    history.insert(history.end(), page->interactions().begin(), page->interactions().end());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return history;
}

// The first events of the user, in order, each once.
void ExpectPrefix(const std::vector<v1::Interaction>& history, const std::string& user_id) {
  for (size_t i = 0; i < history.size(); ++i) {
    ASSERT_EQ(history[i].event_id(), absl::StrCat(user_id, "-", i)) << "at " << i;
  }
}

TEST(CrashRecovery, EverythingAcknowledgedBeforeAKillDuringImportIsThereAfterTheRestart) {
  const TempDir directory;
  absl::StatusOr<ServerProcess> server =
      ServerProcess::Start(directory.File("data"), {"--allow-empty-start"});
  ASSERT_TRUE(server.ok()) << server.status();

  std::atomic<int> total{0};
  std::vector<int> acknowledged(3, 0);
  std::vector<std::thread> threads;
  threads.emplace_back([&] { ImportUntilFailure(*server, "importer"); });
  for (size_t i = 0; i < acknowledged.size(); ++i) {
    threads.emplace_back(
        [&, i] { acknowledged[i] = RecordUntilFailure(*server, absl::StrCat("user-", i), &total); });
  }
  while (total < 100) std::this_thread::yield();
  server->Kill();
  for (std::thread& thread : threads) thread.join();

  server = ServerProcess::Start(directory.File("data"), {"--allow-empty-start"});
  ASSERT_TRUE(server.ok()) << server.status();
  const std::unique_ptr<RecommenderClient> client = ClientOf(*server);
  for (size_t i = 0; i < acknowledged.size(); ++i) {
    const std::string user_id = absl::StrCat("user-", i);
    const std::vector<v1::Interaction> history = HistoryOf(*client, user_id);
    EXPECT_GE(history.size(), static_cast<size_t>(acknowledged[i] * kBatch));
    EXPECT_EQ(history.size() % kBatch, 0u) << "half of a batch";
    ExpectPrefix(history, user_id);
    // What was not acknowledged is sent again: each event ends up there once.
    ASSERT_TRUE(
        client->RecordInteractions(Batch<v1::RecordInteractionsRequest>(user_id, acknowledged[i])).ok());
    ExpectPrefix(HistoryOf(*client, user_id), user_id);
  }
  ExpectPrefix(HistoryOf(*client, "importer"), "importer");
}

// How often the server is killed.
int Kills() {
  const char* kills = std::getenv("RIDGELINE_KILLS");
  return kills == nullptr ? 5 : std::atoi(kills);
}

// One life of the server: what its clients were told.
struct Life {
  std::string name;
  std::vector<int> acknowledged = {0, 0};  // batches of each recorder
  int imported = 0;                        // batches in import streams that were acknowledged
};

// Streams three batches a stream until one breaks; returns how many batches the server acknowledged.
int ImportStreamsUntilFailure(const ServerProcess& server, const std::string& user_id,
                              std::atomic<int>* total) {
  constexpr int kBatchesOfStream = 3;
  const std::unique_ptr<RecommenderClient> client = ClientOf(server);
  int acknowledged = 0;
  while (true) {
    const std::unique_ptr<ImportWriter> writer = client->ImportInteractions();
    for (int i = 0; i < kBatchesOfStream; ++i) {
      if (!writer->Write(Batch<v1::ImportInteractionsRequest>(user_id, acknowledged + i)).ok()) break;
    }
    if (!writer->Finish().ok()) return acknowledged;
    acknowledged += kBatchesOfStream;
    *total += kBatchesOfStream;
  }
}

// Trains and publishes one model after the other until the server is gone.
void TrainUntilFailure(const ServerProcess& server) {
  const std::unique_ptr<RecommenderClient> client = ClientOf(server);
  while (client->CheckHealth().ok()) {
    client->StartTraining({}).status().IgnoreError();
    client->WatchTraining({}, [](const v1::Training&) { return true; }).IgnoreError();
  }
}

// Records, imports, trains and publishes at once, and kills the server after `batches` acknowledged batches.
void LiveAndDie(ServerProcess& server, int batches, Life* life) {
  std::atomic<int> total{0};
  std::vector<std::thread> threads;
  threads.emplace_back([&] { TrainUntilFailure(server); });
  threads.emplace_back(
      [&] { life->imported = ImportStreamsUntilFailure(server, life->name + "-importer", &total); });
  for (size_t i = 0; i < life->acknowledged.size(); ++i) {
    threads.emplace_back([&, i] {
      life->acknowledged[i] = RecordUntilFailure(server, absl::StrCat(life->name, "-user-", i), &total);
    });
  }
  while (total < batches) std::this_thread::yield();
  server.Kill();
  for (std::thread& thread : threads) thread.join();
}

// The user's history: whole batches, each event once, in order, `acknowledged` batches at least.
void ExpectHistory(RecommenderClient& client, const std::string& user_id, int acknowledged) {
  const std::vector<v1::Interaction> history = HistoryOf(client, user_id);
  EXPECT_GE(history.size(), static_cast<size_t>(acknowledged * kBatch)) << user_id << " lost something";
  EXPECT_EQ(history.size() % kBatch, 0u) << "half of a batch of " << user_id;
  ExpectPrefix(history, user_id);
}

// That all of `life` is there, also after the batch that was not acknowledged is sent again.
void ExpectNothingLost(RecommenderClient& client, const Life& life) {
  for (size_t i = 0; i < life.acknowledged.size(); ++i) {
    const std::string user_id = absl::StrCat(life.name, "-user-", i);
    ExpectHistory(client, user_id, life.acknowledged[i]);
    EXPECT_TRUE(
        client.RecordInteractions(Batch<v1::RecordInteractionsRequest>(user_id, life.acknowledged[i])).ok());
    ExpectHistory(client, user_id, life.acknowledged[i] + 1);
  }
  ExpectHistory(client, life.name + "-importer", life.imported);
}

TEST(CrashRecovery, NothingAcknowledgedIsLostOrThereTwiceAfterKillsAtRandomMoments) {
  const std::vector<std::string> flags = {
      "--allow-empty-start", "--factors", "4", "--iterations", "2", "--warm-iterations", "1",
      "--keep-versions",     "2"};
  const TempDir directory;
  Random random(42);
  absl::StatusOr<ServerProcess> server = ServerProcess::Start(directory.File("data"), flags);
  ASSERT_TRUE(server.ok()) << server.status();
  int64_t acknowledged = 0;
  const int kills = Kills();
  std::vector<Life> lives;
  for (int kill = 0; kill < kills && !HasFailure(); ++kill) {
    Life& life = lives.emplace_back();
    life.name = absl::StrCat("life-", kill);
    LiveAndDie(*server, static_cast<int>(random.Below(60)), &life);
    server = ServerProcess::Start(directory.File("data"), flags);
    ASSERT_TRUE(server.ok()) << server.status();
    ExpectNothingLost(*ClientOf(*server), life);
    acknowledged += life.imported;
    for (int batches : life.acknowledged) acknowledged += batches;
  }
  // The first lives are still there after all that followed.
  const std::unique_ptr<RecommenderClient> client = ClientOf(*server);
  for (const Life& life : lives) ExpectNothingLost(*client, life);
  EXPECT_GT(acknowledged, kills) << "the kills came before anything could be lost";
  ReportFigure(absl::StrCat(lives.size(), " kills, ", acknowledged * kBatch,
                            " acknowledged interactions: 0 lost, 0 twice"));
}

}  // namespace
}  // namespace ridgeline
