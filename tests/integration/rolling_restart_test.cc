// SIGTERM under load: no call of the shipped client fails while another server stands by, streams are told,
// and whoever is silent holds nobody up.

#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ridgeline/v1/model_service.grpc.pb.h"
#include "tests/integration/movielens_server.h"
#include "tests/support/long_form.h"
#include "tests/support/tcp_connection.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

// Enough for a machine busy with other work.
constexpr absl::Duration kPatience = absl::Seconds(60);

const std::vector<std::string> kFlags = {"--factors", "8", "--iterations", "3"};
const std::vector<std::string> kEmptyStart = {"--factors", "8", "--iterations", "3", "--allow-empty-start"};

v1::RecordInteractionsRequest SomeInteractions(int users) {
  v1::RecordInteractionsRequest request;
  for (int i = 0; i < users * 10; ++i) {
    request.add_interactions()->set_user_id(absl::StrCat("trained-", i % users));
    request.mutable_interactions(i)->set_item_id(absl::StrCat("item-", (i * 7) % 50));
  }
  return request;
}

// A data folder with a model.
void MakeData(const std::string& directory) {
  absl::StatusOr<ServerProcess> server = ServerProcess::Start(directory, kEmptyStart);
  ASSERT_TRUE(server.ok()) << server.status();
  ASSERT_TRUE(ClientOf(*server)->RecordInteractions(SomeInteractions(/*users=*/40)).ok());
  ASSERT_EQ(server->Client({"train", "--watch"})->exit_code, 0);
  ASSERT_EQ(server->Terminate(kPatience), 0);
}

// Sends SIGTERM and waits for the end; how long it took.
absl::Duration Stop(ServerProcess& server) {
  const absl::Time start = absl::Now();
  const absl::optional<int> code = server.Terminate(kPatience);
  EXPECT_EQ(code, 0) << "it did not end by itself";
  return absl::Now() - start;
}

// What callers did, and how many of their calls failed.
class Callers {
 public:
  explicit Callers(const std::string& addresses) {
    RecommenderClientOptions options;
    options.address = addresses;
    // So that a machine busy with other work fails no call: it shortens no pause and adds no attempt.
    options.timeout = absl::Seconds(30);
    client_ = *RecommenderClient::Create(options);
    for (int i = 0; i < 2; ++i) {
      threads_.emplace_back([this, i] { Record(i); });
      threads_.emplace_back([this, i] { Recommend(i); });
    }
  }

  // Until this many more calls have ended.
  void AwaitCalls(int64_t more) const {
    const int64_t enough = calls_ + more;
    while (calls_ < enough) std::this_thread::yield();
  }

  void Stop() {
    stopped_ = true;
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  int64_t calls() const { return calls_; }
  int64_t failures() const { return failures_; }

  // How many events were acknowledged to the recorder `i`, of those that it numbered from 0.
  int acknowledged(int i) const { return acknowledged_[i]; }

 private:
  void Record(int recorder) {
    while (!stopped_) {
      v1::RecordInteractionsRequest request;
      v1::Interaction& event = *request.add_interactions();
      event.set_user_id(absl::StrCat("recorder-", recorder));
      event.set_item_id(absl::StrCat("item-", acknowledged_[recorder] % 50));
      event.set_event_id(absl::StrCat(recorder, "-", acknowledged_[recorder]));
      if (Count(client_->RecordInteractions(request).status())) ++acknowledged_[recorder];
    }
  }

  void Recommend(int user) {
    while (!stopped_) Count(client_->Recommend(RecommendTo(absl::StrCat("trained-", user))).status());
  }

  bool Count(const absl::Status& status) {
    ++calls_;
    if (status.ok()) return true;
    if (failures_++ == 0) ADD_FAILURE() << "the first call that failed: " << status;
    return false;
  }

  std::unique_ptr<RecommenderClient> client_;
  std::atomic<bool> stopped_{false};
  std::atomic<int64_t> calls_{0};
  std::atomic<int64_t> failures_{0};
  std::array<int, 2> acknowledged_ = {0, 0};  // each of its recorder until Stop
  std::vector<std::thread> threads_;
};

// Adds the ids of the events of `user_id` that this server has.
void AddEvents(const ServerProcess& server, const std::string& user_id, std::set<std::string>* ids) {
  const std::unique_ptr<RecommenderClient> client = ClientOf(server);
  v1::ListInteractionsRequest request;
  request.set_user_id(user_id);
  request.set_page_size(10'000);
  do {
    const absl::StatusOr<v1::ListInteractionsResponse> page = client->ListInteractions(request);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::Interaction& event : page->interactions()) ids->insert(event.event_id());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
}

class RollingRestart : public testing::Test {
 protected:
  void SetUp() override {
    MakeData(Folder(0));
    if (HasFatalFailure()) return;
    std::filesystem::copy(Folder(0), Folder(1), std::filesystem::copy_options::recursive);
    for (int i = 0; i < 2; ++i) {
      absl::StatusOr<ServerProcess> server = ServerProcess::Start(Folder(i), kFlags);
      ASSERT_TRUE(server.ok()) << server.status();
      servers_.push_back(*std::move(server));
    }
  }

  std::string Folder(int server) const { return directory_.File(absl::StrCat("data-", server)); }

  std::string Addresses() const {
    return absl::StrCat(servers_[0].grpc_address(), ",", servers_[1].grpc_address());
  }

  // Ends a server and starts it again where it was; how long it took to end.
  absl::Duration Restart(int server) {
    const absl::Duration exit = Stop(servers_[server]);
    const std::string address = servers_[server].grpc_address();
    absl::StatusOr<ServerProcess> next = ServerProcess::StartAt(address, Folder(server), kFlags);
    EXPECT_TRUE(next.ok()) << next.status();
    if (next.ok()) servers_[server] = *std::move(next);
    return exit;
  }

  TempDir directory_;
  std::vector<ServerProcess> servers_;
};

int Restarts() {
  return Repetitions("RIDGELINE_RESTARTS", 4);
}

// What is promised, where that is measured.
absl::Duration AllowedExit() {
  return std::getenv("RIDGELINE_RESTARTS") == nullptr ? kPatience : absl::Seconds(10);
}

TEST_F(RollingRestart, NoCallFailsAndNothingAcknowledgedIsLost) {
  Callers callers(Addresses());
  absl::Duration slowest = absl::ZeroDuration();
  const int restarts = Restarts();
  for (int i = 0; i < restarts && !HasFailure(); ++i) {
    callers.AwaitCalls(100);
    slowest = std::max(slowest, Restart(i % 2));
  }
  callers.AwaitCalls(100);
  callers.Stop();
  EXPECT_EQ(callers.failures(), 0);
  EXPECT_LE(slowest, AllowedExit());

  int64_t lost = 0, acknowledged = 0;
  for (int recorder = 0; recorder < 2; ++recorder) {
    std::set<std::string> events;
    for (const ServerProcess& server : servers_) {
      AddEvents(server, absl::StrCat("recorder-", recorder), &events);
    }
    acknowledged += callers.acknowledged(recorder);
    for (int i = 0; i < callers.acknowledged(recorder); ++i) {
      lost += events.count(absl::StrCat(recorder, "-", i)) == 0;
    }
  }
  EXPECT_EQ(lost, 0);
  EXPECT_GT(acknowledged, restarts);
  ReportFigure(absl::StrCat(restarts, " restarts, ", callers.failures(), " of ", callers.calls(),
                            " calls failed, ", lost, " of ", acknowledged,
                            " acknowledged events lost, exit within ",
                            absl::FormatDuration(absl::Ceil(slowest, absl::Milliseconds(1)))));
}

// A connection that no other call shares: when a server closes one on which a client still sends, what the
// client did not read yet is lost.
std::shared_ptr<grpc::Channel> OwnConnection(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

// Watches the training to its end; `watching` from the first that is seen on. Its last state.
v1::TrainingState Watch(const std::string& address, std::atomic<bool>* watching) {
  grpc::ClientContext context;
  const auto stub = v1::ModelService::NewStub(OwnConnection(address));
  const auto reader = stub->WatchTraining(&context, v1::WatchTrainingRequest());
  v1::Training training;
  while (reader->Read(&training)) *watching = true;
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  *watching = true;
  return training.state();
}

TEST(Drain, StreamsUnderWayAreToldAndHoldNobodyUp) {
  const TempDir directory;
  absl::StatusOr<ServerProcess> server = ServerProcess::Start(directory.File("data"), kEmptyStart);
  ASSERT_TRUE(server.ok()) << server.status();
  const std::unique_ptr<RecommenderClient> client = ClientOf(*server);
  ASSERT_TRUE(client->RecordInteractions(SomeInteractions(/*users=*/500)).ok());

  v1::StartTrainingRequest training;
  training.set_iterations(10'000);
  training.mutable_hyperparameters()->set_factors(128);
  ASSERT_TRUE(client->StartTraining(training).ok());
  std::atomic<bool> watching{false};
  v1::TrainingState end = v1::TRAINING_STATE_UNSPECIFIED;
  std::thread watcher([&] { end = Watch(server->grpc_address(), &watching); });
  // One import waits for its client, the other one never stops.
  const std::unique_ptr<ImportWriter> silent = client->ImportInteractions();
  v1::ImportInteractionsRequest batch;
  *batch.mutable_interactions() = SomeInteractions(/*users=*/10).interactions();
  ASSERT_TRUE(silent->Write(batch).ok());
  std::atomic<int> batches{0};
  absl::Status imported;
  std::thread importer([&] {
    const std::unique_ptr<ImportWriter> busy = client->ImportInteractions();
    while (busy->Write(batch).ok()) ++batches;
    imported = busy->Finish().status();
  });
  while (!watching || batches < 20) std::this_thread::yield();

  const absl::Duration exit = Stop(*server);
  watcher.join();
  importer.join();
  EXPECT_EQ(end, v1::TRAINING_STATE_CANCELLED);
  for (const absl::Status& status : {imported, silent->Finish().status()}) {
    // How much was recorded is said in a message that a connection reset meanwhile can lose.
    EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  }
  ReportFigure(
      absl::StrCat("streams told within ", absl::FormatDuration(absl::Ceil(exit, absl::Milliseconds(1)))));
}

// A call that its client begins and then leaves alone, on a connection of its own.
class OpenCall {
 public:
  OpenCall(const std::string& address, const std::string& path)
      : stub_(OwnConnection(address)), call_(stub_.PrepareCall(&context_, path, &queue_)) {
    call_->StartCall(this);
    Await();
  }
  ~OpenCall() {
    context_.TryCancel();
    grpc::Status status;
    call_->Finish(&status, this);
    Await();
  }
  OpenCall(const OpenCall&) = delete;
  OpenCall& operator=(const OpenCall&) = delete;

  // Sends an empty message, and no more are to come; returns when the first answer is there.
  void AskAndAwaitAnswer() {
    const grpc::Slice nothing;
    call_->WriteLast(grpc::ByteBuffer(&nothing, 1), grpc::WriteOptions(), this);
    EXPECT_TRUE(Await());
    grpc::ByteBuffer answer;
    call_->Read(&answer, this);
    EXPECT_TRUE(Await());
  }

 private:
  bool Await() {
    void* tag = nullptr;
    bool ok = false;
    queue_.Next(&tag, &ok);
    return ok;
  }

  grpc::CompletionQueue queue_;
  grpc::ClientContext context_;
  grpc::GenericStub stub_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

TEST(Drain, WhoeverIsSilentHoldsNobodyUp) {
  const TempDir directory;
  absl::StatusOr<ServerProcess> server = ServerProcess::Start(
      directory.File("data"), {"--factors", "8", "--allow-empty-start", "--drain-timeout", "1h"});
  ASSERT_TRUE(server.ok()) << server.status();
  const TcpConnection silent(server->grpc_address());
  // Says hello and heeds nothing from then on, GOAWAY neither.
  TcpConnection deaf(server->grpc_address());
  deaf.Send(kHttp2Hello);
  EXPECT_NE(deaf.Receive(9), "");
  // Its request does not come.
  const OpenCall half_sent(server->grpc_address(), "/ridgeline.v1.CatalogService/UpsertItems");
  OpenCall health(server->grpc_address(), "/grpc.health.v1.Health/Watch");
  health.AskAndAwaitAnswer();
  ASSERT_TRUE(ClientOf(*server)->RecordInteractions(SomeInteractions(/*users=*/1)).ok());

  const absl::Duration exit = Stop(*server);
  EXPECT_LE(exit, AllowedExit());
  ReportFigure(absl::StrCat("silent clients cut within ",
                            absl::FormatDuration(absl::Ceil(exit, absl::Milliseconds(1)))));
}

}  // namespace
}  // namespace ridgeline
