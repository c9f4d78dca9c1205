#include "server/unary_call.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ridgeline/v1/catalog_service.grpc.pb.h"
#include "server/rpc_codec.h"
#include "tests/server/in_process.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

// Takes every call up at once, on gRPC's thread, and ends it with what `alive` says, or an empty item.
class EagerRpc final : public v1::CatalogService::WithRawCallbackMethod_GetItem<v1::CatalogService::Service> {
 public:
  explicit EagerRpc(RpcObserver* observer) : observer_(observer) {}

  grpc::ServerUnaryReactor* GetItem(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                    grpc::ByteBuffer* response) override {
    auto* call = new UnaryCall(observer_, context, request, response);
    const absl::Status alive = call->TakeUp();
    call->End(alive.ok() ? SerializeMessage(v1::Item(), call->response()) : alive);
    return call;
  }

 private:
  RpcObserver* const observer_;
};

class UnaryCallTest : public testing::Test {
 protected:
  grpc::Status Call(absl::Time deadline = absl::InfiniteFuture()) {
    grpc::ClientContext context;
    if (deadline != absl::InfiniteFuture()) context.set_deadline(absl::ToChronoTime(deadline));
    v1::Item item;
    return v1::CatalogService::NewStub(server_.channel())->GetItem(&context, v1::GetItemRequest(), &item);
  }

  ManualClock clock_{absl::Now()};
  Logger logger_{LogLevel::kError, &clock_};
  Metrics metrics_{"1"};
  RpcObserver observer_{RpcEnvironment{&metrics_, &logger_, &clock_}, "GetItem"};
  EagerRpc rpc_{&observer_};
  InProcessServer server_{&rpc_};
};

TEST_F(UnaryCallTest, EndsWithItsAnswer) {
  EXPECT_TRUE(Call().ok());
  EXPECT_TRUE(Call(absl::Now() + absl::Hours(1)).ok());
  EXPECT_THAT(metrics_.Serialize(), HasSubstr("{code=\"OK\",method=\"GetItem\"} 2\n"));
}

TEST_F(UnaryCallTest, SaysThatItsDeadlineHasPassed) {
  clock_.Advance(absl::Hours(2));
  EXPECT_EQ(Call(absl::Now() + absl::Hours(1)).error_code(), grpc::DEADLINE_EXCEEDED);
  EXPECT_THAT(metrics_.Serialize(), HasSubstr("ridgeline_rpc_dropped_total{reason=\"expired\"} 1\n"));
}

}  // namespace
}  // namespace ridgeline
