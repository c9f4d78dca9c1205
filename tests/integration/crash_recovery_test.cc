// kill -9 at a moment of the test's choosing: what was acknowledged is there afterwards.

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/integration/movielens_server.h"
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

}  // namespace
}  // namespace ridgeline
