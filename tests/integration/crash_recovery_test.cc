// kill -9 in the midst of an import: what was acknowledged is there afterwards, and may be sent again.

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "core/base/mutex.h"
#include "gtest/gtest.h"
#include "tests/integration/movielens_server.h"
#include "tests/integration/numbered_events.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

// Counts acknowledged batches, and lets the test wait for them. Thread-safe.
class AcknowledgedBatches {
 public:
  void Add() {
    MutexLock lock(&mutex_);
    ++count_;
    changed_.SignalAll();
  }

  // False when there are not `enough` in time.
  bool Await(int enough) {
    const absl::Time deadline = absl::Now() + absl::Seconds(60);
    MutexLock lock(&mutex_);
    while (count_ < enough && absl::Now() < deadline)
      changed_.WaitWithTimeout(&mutex_, deadline - absl::Now());
    return count_ >= enough;
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
};

// Records batches until a call fails; returns how many were acknowledged.
int RecordUntilFailure(const ServerProcess& server, const std::string& user_id, AcknowledgedBatches* all) {
  const std::unique_ptr<RecommenderClient> client = ClientOf(server);
  int acknowledged = 0;
  while (
      client->RecordInteractions(NumberedBatch<v1::RecordInteractionsRequest>(user_id, acknowledged)).ok()) {
    ++acknowledged;
    all->Add();
  }
  return acknowledged;
}

// Streams batches until the stream breaks; returns how many it tried to send, none of them acknowledged.
int ImportUntilFailure(const ServerProcess& server, const std::string& user_id) {
  const std::unique_ptr<ImportWriter> writer = ClientOf(server)->ImportInteractions();
  int tried = 0;
  while (writer->Write(NumberedBatch<v1::ImportInteractionsRequest>(user_id, tried++)).ok()) continue;
  return tried;
}

// That the first `batches` batches of the user are there, each event once and in order, and nothing else.
void ExpectBatches(RecommenderClient& client, const std::string& user_id, int batches) {
  const StoredEvents stored = LookForBatches(client, user_id, batches);
  EXPECT_EQ(stored.events, batches * kEventsOfBatch) << user_id;
  EXPECT_EQ(stored.lost + stored.twice + stored.wrong, 0) << user_id;
}

// That at least `batches` whole batches of the user are there, each event once and in order.
void ExpectBatchesAtLeast(RecommenderClient& client, const std::string& user_id, int batches) {
  const StoredEvents stored = LookForBatches(client, user_id, batches);
  EXPECT_EQ(stored.events % kEventsOfBatch, 0) << "half of a batch of " << user_id;
  EXPECT_EQ(stored.lost + stored.twice + stored.wrong, 0) << user_id;
}

TEST(CrashRecovery, EverythingAcknowledgedBeforeAKillDuringImportIsThereAfterTheRestart) {
  const TempDir directory;
  absl::StatusOr<ServerProcess> server = ServerProcess::Start(directory.File("data"));
  ASSERT_TRUE(server.ok()) << server.status();

  AcknowledgedBatches all;
  int tried = 0;
  std::vector<int> acknowledged(3, 0);
  std::vector<std::thread> threads;
  threads.emplace_back([&] { tried = ImportUntilFailure(*server, "importer"); });
  for (size_t i = 0; i < acknowledged.size(); ++i) {
    threads.emplace_back(
        [&, i] { acknowledged[i] = RecordUntilFailure(*server, absl::StrCat("user-", i), &all); });
  }
  EXPECT_TRUE(all.Await(100)) << "nothing is acknowledged";
  server->Kill();
  for (std::thread& thread : threads) thread.join();

  server = ServerProcess::Start(directory.File("data"));
  ASSERT_TRUE(server.ok()) << server.status();
  const std::unique_ptr<RecommenderClient> client = ClientOf(*server);
  for (size_t i = 0; i < acknowledged.size(); ++i) {
    const std::string user_id = absl::StrCat("user-", i);
    ExpectBatchesAtLeast(*client, user_id, acknowledged[i]);
    // What was not acknowledged is sent again: each event ends up there once.
    const auto batch = NumberedBatch<v1::RecordInteractionsRequest>(user_id, acknowledged[i]);
    ASSERT_TRUE(client->RecordInteractions(batch).ok());
    ExpectBatches(*client, user_id, acknowledged[i] + 1);
  }
  // So is the whole import, of which nothing was acknowledged; in larger messages this time.
  ExpectBatchesAtLeast(*client, "importer", 0);
  const std::unique_ptr<ImportWriter> writer = client->ImportInteractions();
  v1::ImportInteractionsRequest message;
  for (int batch = 0; batch < tried; ++batch) {
    message.MergeFrom(NumberedBatch<v1::ImportInteractionsRequest>("importer", batch));
    if (batch % 100 != 99 && batch + 1 != tried) continue;
    ASSERT_TRUE(writer->Write(message).ok());
    message.Clear();
  }
  const absl::StatusOr<v1::ImportInteractionsResponse> imported = writer->Finish();
  ASSERT_TRUE(imported.ok()) << imported.status();
  ExpectBatches(*client, "importer", tried);
}

}  // namespace
}  // namespace ridgeline
