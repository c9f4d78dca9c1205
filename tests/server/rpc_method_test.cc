#include "server/rpc_method.h"

#include <spdlog/sinks/ostream_sink.h>

#include <atomic>
#include <future>
#include <sstream>
#include <string>
#include <thread>

#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "ridgeline/v1/catalog_service.grpc.pb.h"
#include "tests/server/in_process.h"
#include "tests/server/queue/pool_blocker.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

// A service whose only method does what a test says.
struct FakeService {
  absl::StatusOr<v1::Item> GetItem(const v1::GetItemRequest& request, const CallInfo& call) {
    return answer(request, call);
  }

  std::function<absl::StatusOr<v1::Item>(const v1::GetItemRequest&, const CallInfo&)> answer;
};

class FakeRpc final : public v1::CatalogService::WithRawCallbackMethod_GetItem<v1::CatalogService::Service> {
 public:
  explicit FakeRpc(UnaryMethod* method) : method_(method) {}
  grpc::ServerUnaryReactor* GetItem(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                    grpc::ByteBuffer* response) override {
    return method_->Start(context, request, response);
  }

 private:
  UnaryMethod* const method_;
};

class RpcMethodTest : public testing::Test {
 protected:
  grpc::Status Call(const std::string& item_id, v1::Item* item = nullptr,
                    grpc::ClientContext* context = nullptr) {
    grpc::ClientContext own;
    v1::GetItemRequest request;
    request.set_item_id(item_id);
    v1::Item ignored;
    auto stub = v1::CatalogService::NewStub(server_.channel());
    return stub->GetItem(context == nullptr ? &own : context, request, item == nullptr ? &ignored : item);
  }

  SystemClock clock_;
  std::ostringstream log_;
  Logger logger_{LogLevel::kInfo, &clock_, std::make_shared<spdlog::sinks::ostream_sink_mt>(log_)};
  Metrics metrics_{"1"};
  FakeService service_;
  WorkPool pool_{1, 1};
  UnaryMethod method_{RpcEnvironment{&metrics_, &logger_, &clock_}, "GetItem", &pool_,
                      MakeHandler(&service_, &FakeService::GetItem)};
  FakeRpc rpc_{&method_};
  InProcessServer server_{&rpc_};
};

TEST_F(RpcMethodTest, AnswersFromThePool) {
  std::thread::id answered_by;
  service_.answer = [&](const v1::GetItemRequest& request, const CallInfo&) {
    answered_by = std::this_thread::get_id();
    v1::Item item;
    item.set_id(request.item_id() + "!");
    return item;
  };
  std::promise<std::thread::id> worker;
  pool_.TrySubmit([&] { worker.set_value(std::this_thread::get_id()); });
  const std::thread::id pool_thread = worker.get_future().get();
  v1::Item item;
  ASSERT_TRUE(Call("a", &item).ok());
  EXPECT_EQ(item.id(), "a!");
  EXPECT_EQ(answered_by, pool_thread);
}

TEST_F(RpcMethodTest, CountsAndLogsCalls) {
  service_.answer = [&](const v1::GetItemRequest& request, const CallInfo&) -> absl::StatusOr<v1::Item> {
    if (request.item_id() == "bad") return absl::DataLossError("a flipped bit");
    return v1::Item();
  };
  EXPECT_TRUE(Call("good").ok());
  EXPECT_EQ(Call("bad").error_code(), grpc::DATA_LOSS);
  const std::string text = metrics_.Serialize();
  EXPECT_THAT(text, HasSubstr("{code=\"OK\",method=\"GetItem\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("{code=\"DATA_LOSS\",method=\"GetItem\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_stage_duration_seconds_count{stage=\"queueing\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_rpc_in_flight 0\n"));
  EXPECT_THAT(log_.str(), HasSubstr("a flipped bit"));
}

TEST_F(RpcMethodTest, ErrorsCarryTheirDetails) {
  service_.answer = [&](const v1::GetItemRequest&, const CallInfo&) -> absl::StatusOr<v1::Item> {
    return absl::InvalidArgumentError("item_id: must not be empty");
  };
  const grpc::Status status = Call("");
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(status.error_details()));
  EXPECT_EQ(details.message(), "item_id: must not be empty");
  EXPECT_EQ(details.details_size(), 2);
  EXPECT_EQ(log_.str(), "");  // the caller's mistake, not the operator's
}

TEST_F(RpcMethodTest, BytesThatAreNotUtf8GetAnAnswerOfOurs) {
  service_.answer = [&](const v1::GetItemRequest&, const CallInfo&) { return v1::Item(); };
  const grpc::Status status = Call("\xff\xfe");
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(status.error_message(), "item_id: must be UTF-8");
}

TEST_F(RpcMethodTest, RefusesWhatTheQueueDoesNotHold) {
  std::atomic<bool> answered{false};
  service_.answer = [&](const v1::GetItemRequest&, const CallInfo&) {
    answered = true;
    return v1::Item();
  };
  PoolBlocker blocker(&pool_);
  ASSERT_TRUE(pool_.TrySubmit([] {}));  // the queue is full now
  EXPECT_EQ(Call("a").error_code(), grpc::RESOURCE_EXHAUSTED);
  blocker.Release();
  EXPECT_FALSE(answered);
  EXPECT_THAT(metrics_.Serialize(), HasSubstr("{code=\"RESOURCE_EXHAUSTED\",method=\"GetItem\"} 1\n"));
}

TEST_F(RpcMethodTest, DoesNotWorkForACallThatIsOver) {
  std::atomic<bool> answered{false};
  service_.answer = [&](const v1::GetItemRequest&, const CallInfo&) {
    answered = true;
    return v1::Item();
  };
  PoolBlocker blocker(&pool_);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(20));
  EXPECT_EQ(Call("a", nullptr, &context).error_code(), grpc::DEADLINE_EXCEEDED);
  blocker.Release();
  pool_.Stop();
  EXPECT_FALSE(answered);
}

TEST_F(RpcMethodTest, PassesTheDeadlineOn) {
  service_.answer = [&](const v1::GetItemRequest&, const CallInfo& call) -> absl::StatusOr<v1::Item> {
    while (call.CheckAlive().ok()) std::this_thread::yield();
    return call.CheckAlive();
  };
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(20));
  EXPECT_EQ(Call("a", nullptr, &context).error_code(), grpc::DEADLINE_EXCEEDED);
}

}  // namespace
}  // namespace ridgeline
