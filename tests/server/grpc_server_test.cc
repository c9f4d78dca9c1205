#include "server/grpc_server.h"

#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/security/credentials.h>

#include <chrono>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ridgeline/v1/catalog_service.grpc.pb.h"

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

}  // namespace
}  // namespace ridgeline
