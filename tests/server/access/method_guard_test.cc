#include "server/access/method_guard.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "ridgeline/v1/catalog_service.grpc.pb.h"
#include "tests/server/access/test_keys.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

// Ends each call as its guard decides.
class GuardedService final : public v1::CatalogService::CallbackService {
 public:
  explicit GuardedService(const AccessControl* access)
      : guard_(access, nullptr, "/ridgeline.v1.CatalogService/GetItem") {}

  grpc::ServerUnaryReactor* GetItem(grpc::CallbackServerContext* context,
                                    const v1::GetItemRequest* /*request*/, v1::Item* item) override {
    const AccessDecision decision = guard_.Admit(*context);
    if (decision.client != nullptr) item->set_id(decision.client->name);
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status(static_cast<grpc::StatusCode>(decision.status.raw_code()),
                                 std::string(decision.status.message())));
    return reactor;
  }

 private:
  const MethodGuard guard_;
};

class MethodGuardTest : public testing::Test {
 protected:
  void Serve(const AccessControl* access) {
    service_ = std::make_unique<GuardedService>(access);
    grpc::ServerBuilder builder;
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
  }
  ~MethodGuardTest() override { server_->Shutdown(std::chrono::system_clock::now()); }

  // The code of a call with these headers, and who the guard took the caller for.
  std::pair<grpc::StatusCode, std::string> Call(const std::vector<std::string>& authorizations) {
    grpc::ClientContext context;
    for (const std::string& text : authorizations) context.AddMetadata("authorization", text);
    v1::Item item;
    const auto stub = v1::CatalogService::NewStub(server_->InProcessChannel(grpc::ChannelArguments()));
    const grpc::Status status = stub->GetItem(&context, v1::GetItemRequest(), &item);
    return {status.error_code(), item.id()};
  }

  const TempDir dir_;
  std::unique_ptr<AccessControl> access_;
  std::unique_ptr<GuardedService> service_;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(MethodGuardTest, ReadsTheKeyFromTheCallsMetadata) {
  access_ = *AccessControl::Open(dir_.Write("keys", OneKeyARole()));
  Serve(access_.get());
  const std::string reader = absl::StrCat("Bearer ", KeyOf(Role::kReader));
  EXPECT_EQ(Call({reader}), std::pair(grpc::OK, std::string("reader")));
  EXPECT_EQ(Call({}).first, grpc::UNAUTHENTICATED);
  EXPECT_EQ(Call({"Bearer nobody"}).first, grpc::UNAUTHENTICATED);
  EXPECT_EQ(Call({absl::StrCat("Bearer ", KeyOf(Role::kWriter))}).first, grpc::PERMISSION_DENIED);
}

TEST_F(MethodGuardTest, TwoKeysAreNone) {
  access_ = *AccessControl::Open(dir_.Write("keys", OneKeyARole()));
  Serve(access_.get());
  const std::string reader = absl::StrCat("Bearer ", KeyOf(Role::kReader));
  EXPECT_EQ(Call({"Bearer nobody", reader}).first, grpc::UNAUTHENTICATED);
  EXPECT_EQ(Call({reader, "Bearer nobody"}).first, grpc::UNAUTHENTICATED);
}

TEST_F(MethodGuardTest, HoldsAClientToItsLimitsAndNoOther) {
  access_ = *AccessControl::Open(dir_.Write(
      "keys",
      KeyLine("noisy", "\"reader\"", "rk_noisy", R"(, "limits": {"calls_per_second": 0.0001, "burst": 2})") +
          KeyLine("quiet", "\"reader\"", "rk_quiet")));
  Serve(access_.get());
  EXPECT_EQ(Call({"Bearer rk_noisy"}).first, grpc::OK);
  EXPECT_EQ(Call({"Bearer rk_noisy"}).first, grpc::OK);
  EXPECT_EQ(Call({"Bearer rk_noisy"}).first, grpc::RESOURCE_EXHAUSTED);
  EXPECT_EQ(Call({"Bearer rk_quiet"}).first, grpc::OK);
}

TEST_F(MethodGuardTest, WithoutKeysEverybodyMayCall) {
  Serve(nullptr);
  EXPECT_EQ(Call({}), std::pair(grpc::OK, std::string()));
  EXPECT_EQ(Call({"Bearer nobody"}), std::pair(grpc::OK, std::string()));
}

}  // namespace
}  // namespace ridgeline
