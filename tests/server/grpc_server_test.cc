#include "server/grpc_server.h"

#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/security/credentials.h>

#include <future>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ridgeline/v1/catalog_service.grpc.pb.h"
#include "tests/support/tcp_connection.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

std::vector<std::unique_ptr<grpc::Service>> OneService() {
  std::vector<std::unique_ptr<grpc::Service>> services;
  services.push_back(std::make_unique<v1::CatalogService::Service>());
  return services;
}

TEST(GrpcServer, PicksAFreePortAndAnswersThere) {
  const auto services = OneService();
  const auto listening = StartGrpcServer("127.0.0.1:0", services);
  ASSERT_TRUE(listening.ok()) << listening.status();
  ASSERT_GT(listening->port, 0);
  EXPECT_NE(listening->server->GetHealthCheckService(), nullptr);
  const auto stub = v1::CatalogService::NewStub(
      grpc::CreateChannel(absl::StrCat("127.0.0.1:", listening->port), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  v1::Item item;
  EXPECT_EQ(stub->GetItem(&context, v1::GetItemRequest(), &item).error_code(), grpc::UNIMPLEMENTED);
}

TEST(GrpcServer, AnOccupiedPortIsAnError) {
  const auto services = OneService();
  const auto first = StartGrpcServer("127.0.0.1:0", services);
  ASSERT_TRUE(first.ok());
  const std::string address = absl::StrCat("127.0.0.1:", first->port);
  const auto others = OneService();
  const auto second = StartGrpcServer(address, others);
  EXPECT_TRUE(absl::IsUnavailable(second.status()));
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(address));
}

TEST(GrpcServer, AnAddressOfAnotherMachineIsAnError) {
  const auto services = OneService();
  EXPECT_FALSE(StartGrpcServer("192.0.2.1:0", services).ok());
  const auto others = OneService();
  EXPECT_FALSE(StartGrpcServer("no port", others).ok());
}

TEST(GrpcServer, RefusesMessagesThatAreTooLarge) {
  const auto services = OneService();
  const auto listening = StartGrpcServer("127.0.0.1:0", services);
  ASSERT_TRUE(listening.ok());
  const auto stub = v1::CatalogService::NewStub(
      grpc::CreateChannel(absl::StrCat("127.0.0.1:", listening->port), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  v1::GetItemRequest request;
  request.set_item_id(std::string(kMaxRequestBytes + 1, 'x'));
  v1::Item item;
  EXPECT_EQ(stub->GetItem(&context, request, &item).error_code(), grpc::RESOURCE_EXHAUSTED);
}

TEST(StartGrpcServer, RefusesCompressedRequestsBeforeTheyAreInflated) {
  const auto services = OneService();
  const auto listening = StartGrpcServer("127.0.0.1:0", services);
  ASSERT_TRUE(listening.ok());
  const auto stub = v1::CatalogService::NewStub(
      grpc::CreateChannel(absl::StrCat("127.0.0.1:", listening->port), grpc::InsecureChannelCredentials()));
  for (const grpc_compression_algorithm algorithm : {GRPC_COMPRESS_GZIP, GRPC_COMPRESS_DEFLATE}) {
    grpc::ClientContext context;
    context.set_compression_algorithm(algorithm);
    v1::GetItemRequest request;
    request.set_item_id(std::string(kMaxRequestBytes + 1, 'x'));  // too large, as would be said once inflated
    v1::Item item;
    EXPECT_EQ(stub->GetItem(&context, request, &item).error_code(), grpc::UNIMPLEMENTED);
  }
}

// The value of a setting in a frame of SETTINGS, RFC 9113 section 6.5; 0 when it is not there.
uint32_t SettingOf(const std::string& frame_payload, uint16_t identifier) {
  for (size_t at = 0; at + 6 <= frame_payload.size(); at += 6) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(frame_payload.data()) + at;
    if ((bytes[0] << 8 | bytes[1]) != identifier) continue;
    return uint32_t{bytes[2]} << 24 | uint32_t{bytes[3]} << 16 | uint32_t{bytes[4]} << 8 | bytes[5];
  }
  return 0;
}

TEST(StartGrpcServer, BoundsTheCallsOfOneConnection) {
  const auto services = OneService();
  const auto listening = StartGrpcServer("127.0.0.1:0", services);
  ASSERT_TRUE(listening.ok());
  TcpConnection connection(absl::StrCat("127.0.0.1:", listening->port));
  connection.Send(kHttp2Hello);
  const std::string head = connection.Receive(9);
  ASSERT_EQ(head.size(), 9u);
  ASSERT_EQ(head[3], 4) << "the first frame is SETTINGS";
  const std::string payload = connection.Receive(static_cast<unsigned char>(head[2]));
  EXPECT_EQ(SettingOf(payload, /*SETTINGS_MAX_CONCURRENT_STREAMS*/ 3), 128u);
}

// How long the rest of `calls` is waited for.
absl::Duration TimeOfRest(CallsUnderWay& calls, absl::Duration rest, absl::Duration timeout) {
  const absl::Duration start = SteadyNow();
  calls.AwaitRest(rest, timeout);
  return SteadyNow() - start;
}

TEST(CallsUnderWay, NoRestIsThereWhileACallIsUnderWay) {
  CallsUnderWay calls;
  calls.Begin();
  EXPECT_GE(TimeOfRest(calls, absl::ZeroDuration(), absl::Milliseconds(20)), absl::Milliseconds(20));
  calls.End();
  EXPECT_LT(TimeOfRest(calls, absl::ZeroDuration(), absl::Hours(1)), absl::Minutes(1));
}

TEST(CallsUnderWay, RestBeginsWhenTheLastCallHasEnded) {
  CallsUnderWay calls;
  calls.Begin();
  absl::Duration ended;
  std::thread ender([&] {
    calls.AwaitRest(absl::ZeroDuration(), absl::Milliseconds(20));  // longer than the rest
    ended = SteadyNow();
    calls.End();
  });
  calls.AwaitRest(absl::Milliseconds(10), absl::Hours(1));
  const absl::Duration rested = SteadyNow();
  ender.join();
  EXPECT_GE(rested - ended, absl::Milliseconds(10));
}

TEST(CallsUnderWay, ACallThatCameAndWentBreaksTheRest) {
  CallsUnderWay calls;
  absl::Duration came;
  std::thread caller([&] {
    CallsUnderWay none;
    none.AwaitRest(absl::Milliseconds(50), absl::Hours(1));
    came = SteadyNow();
    calls.Begin();
    calls.End();
  });
  calls.AwaitRest(absl::Milliseconds(200), absl::Hours(1));
  const absl::Duration rested = SteadyNow();
  caller.join();
  // A thread that got no turn for so long has shown nothing.
  if (came <= rested) {
    EXPECT_GE(rested - came, absl::Milliseconds(200));
  }
}

TEST(CallsUnderWay, NobodyWaitsAfterStop) {
  CallsUnderWay calls;
  calls.Begin();
  std::thread stopper([&] { calls.Stop(); });
  EXPECT_LT(TimeOfRest(calls, absl::Hours(1), absl::Hours(1)), absl::Minutes(1));
  stopper.join();
}

// Keeps its one call until it is told how to end it.
class HeldCall final : public v1::CatalogService::WithCallbackMethod_GetItem<v1::CatalogService::Service> {
 public:
  grpc::ServerUnaryReactor* GetItem(grpc::CallbackServerContext* context, const v1::GetItemRequest*,
                                    v1::Item* item) override {
    item->set_id("held");
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    begun_.set_value(reactor);
    return reactor;
  }

  grpc::ServerUnaryReactor* Await() { return begun_.get_future().get(); }

 private:
  std::promise<grpc::ServerUnaryReactor*> begun_;
};

class DrainGrpcServerTest : public testing::Test {
 protected:
  DrainGrpcServerTest() {
    auto held = std::make_unique<HeldCall>();
    held_ = held.get();
    services_.push_back(std::move(held));
    auto listening = StartGrpcServer("127.0.0.1:0", services_);
    EXPECT_TRUE(listening.ok()) << listening.status();
    listening_ = *std::move(listening);
  }

  std::string address() const { return absl::StrCat("127.0.0.1:", listening_.port); }

  HeldCall* held_ = nullptr;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  ListeningGrpcServer listening_;
};

TEST_F(DrainGrpcServerTest, ACallUnderWayGetsItsAnswer) {
  const auto channel = grpc::CreateChannel(address(), grpc::InsecureChannelCredentials());
  const auto stub = v1::CatalogService::NewStub(channel);
  grpc::ClientContext context;
  v1::Item item;
  auto status =
      std::async(std::launch::async, [&] { return stub->GetItem(&context, v1::GetItemRequest(), &item); });
  grpc::ServerUnaryReactor* const reactor = held_->Await();
  std::thread draining([this] { DrainGrpcServer(listening_, absl::Hours(1), absl::ZeroDuration()); });
  // Until the client has learned of it.
  while (channel->GetState(/*try_to_connect=*/false) == GRPC_CHANNEL_READY) {
    channel->WaitForStateChange(GRPC_CHANNEL_READY, absl::ToChronoTime(absl::InfiniteFuture()));
  }
  reactor->Finish(grpc::Status::OK);
  EXPECT_TRUE(status.get().ok());
  EXPECT_EQ(item.id(), "held");
  draining.join();
}

TEST_F(DrainGrpcServerTest, ACallThatTakesTooLongIsCancelled) {
  const auto stub =
      v1::CatalogService::NewStub(grpc::CreateChannel(address(), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  v1::Item item;
  auto status =
      std::async(std::launch::async, [&] { return stub->GetItem(&context, v1::GetItemRequest(), &item); });
  grpc::ServerUnaryReactor* const reactor = held_->Await();
  std::thread draining([this] { DrainGrpcServer(listening_, absl::Milliseconds(10), absl::Hours(1)); });
  EXPECT_FALSE(status.get().ok());
  reactor->Finish(grpc::Status::OK);
  draining.join();
}

TEST_F(DrainGrpcServerTest, ASilentConnectionIsCut) {
  TcpConnection deaf(address());
  deaf.Send(kHttp2Hello);
  EXPECT_NE(deaf.Receive(9), "");
  const absl::Duration start = SteadyNow();
  DrainGrpcServer(listening_, /*timeout=*/absl::Hours(1), /*rest=*/absl::Milliseconds(1));
  EXPECT_LT(SteadyNow() - start, absl::Seconds(15)) << "gRPC waits for 20 s by itself";
  while (!deaf.Receive(1).empty()) {
  }
}

}  // namespace
}  // namespace ridgeline
