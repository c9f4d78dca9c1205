#ifndef RIDGELINE_TESTS_SERVER_RECOMMEND_CALLS_H_
#define RIDGELINE_TESTS_SERVER_RECOMMEND_CALLS_H_

#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include <deque>
#include <future>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "core/base/mutex.h"
#include "ridgeline/v1/recommendation_service.grpc.pb.h"
#include "server/batch_method.h"
#include "server/rpc_codec.h"
#include "tests/server/in_process.h"

namespace ridgeline {

/// Calls of Recommend that go through a BatchMethod of a server in this process, many at a time.
class RecommendCalls {
 public:
  /// How a call ended.
  struct Answer {
    grpc::Status status;
    v1::RecommendResponse response;
  };

  explicit RecommendCalls(BatchMethod* method) : rpc_(method), server_(&rpc_) {}

  /// Sends `bytes` and returns once the server has the call in its queue, or refused it.
  void Start(const std::string& bytes, absl::Time deadline = absl::InfiniteFuture()) {
    Call& call = calls_.emplace_back();
    if (deadline != absl::InfiniteFuture()) call.context.set_deadline(absl::ToChronoTime(deadline));
    const grpc::Slice slice(bytes);
    call.request = grpc::ByteBuffer(&slice, 1);
    stub_.UnaryCall(&call.context, "/ridgeline.v1.RecommendationService/Recommend", grpc::StubOptions(),
                    &call.request, &call.response,
                    [&call](grpc::Status status) { call.done.set_value(std::move(status)); });
    rpc_.WaitForCalls(calls_.size());
  }

  void Start(const v1::RecommendRequest& request) { Start(request.SerializeAsString()); }

  /// Waits for all that was started; how each call ended, in the order of starting.
  std::vector<Answer> Finish() {
    std::vector<Answer> answers;
    for (Call& call : calls_) {
      Answer& answer = answers.emplace_back();
      answer.status = call.done.get_future().get();
      if (answer.status.ok()) {
        EXPECT_TRUE(ParseMessage(call.response, &answer.response).ok());
      }
    }
    return answers;
  }

 private:
  class Rpc final : public v1::RecommendationService::WithRawCallbackMethod_Recommend<
                        v1::RecommendationService::Service> {
   public:
    explicit Rpc(BatchMethod* method) : method_(method) {}

    grpc::ServerUnaryReactor* Recommend(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override {
      grpc::ServerUnaryReactor* reactor = method_->Start(context, request, response);
      MutexLock lock(&mutex_);
      ++calls_;
      arrived_.SignalAll();
      return reactor;
    }

    void WaitForCalls(size_t calls) {
      MutexLock lock(&mutex_);
      while (calls_ < calls) arrived_.Wait(&mutex_);
    }

   private:
    BatchMethod* const method_;
    Mutex mutex_;
    CondVar arrived_;
    size_t calls_ ABSL_GUARDED_BY(mutex_) = 0;
  };

  struct Call {
    grpc::ClientContext context;
    grpc::ByteBuffer request;
    grpc::ByteBuffer response;
    std::promise<grpc::Status> done;
  };

  Rpc rpc_;
  InProcessServer server_;
  grpc::GenericStub stub_{server_.channel()};
  std::deque<Call> calls_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_SERVER_RECOMMEND_CALLS_H_
