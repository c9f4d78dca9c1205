#include "server/rpc_services.h"

#include <google/protobuf/descriptor.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "ridgeline/v1/catalog_service.grpc.pb.h"
#include "ridgeline/v1/model_service.grpc.pb.h"
#include "ridgeline/v1/recommendation_service.grpc.pb.h"
#include "tests/server/raw_call.h"
#include "tests/server/rpc_world.h"

namespace ridgeline {
namespace {

class RpcServicesTest : public testing::Test {
 protected:
  // How a unary method answers `bytes`.
  grpc::Status Call(const std::string& path, const std::string& bytes) {
    return CallWithBytes(rpc_.channel(), path, bytes);
  }

  RpcWorld rpc_;
};

TEST_F(RpcServicesTest, EveryMethodOfTheSchemaIsServed) {
  rpc_.world.Serve();
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  int methods = 0;
  for (const char* name :
       {"BackupService", "CatalogService", "InteractionService", "ModelService", "RecommendationService"}) {
    const auto* service = pool->FindServiceByName(absl::StrCat("ridgeline.v1.", name));
    ASSERT_NE(service, nullptr);
    for (int i = 0; i < service->method_count(); ++i) {
      const auto* method = service->method(i);
      // Bytes that are no message: all that a client of one message may hear of a stream is how it ends.
      const grpc::Status status =
          Call(absl::StrCat("/", service->full_name(), "/", method->name()), "\x0a\x7f");
      EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT) << method->full_name() << status.error_message();
      ++methods;
    }
  }
  EXPECT_EQ(methods, 26);
}

TEST_F(RpcServicesTest, MethodsAreNotMixedUp) {
  const auto channel = rpc_.channel();
  const auto catalog = v1::CatalogService::NewStub(channel);
  v1::UpsertItemsRequest upsert;
  upsert.add_items()->set_id("a");
  v1::UpsertItemsResponse upserted;
  grpc::ClientContext first;
  ASSERT_TRUE(catalog->UpsertItems(&first, upsert, &upserted).ok());
  EXPECT_EQ(upserted.upserted_count(), 1);
  v1::GetItemRequest get;
  get.set_item_id("a");
  v1::Item item;
  grpc::ClientContext second;
  ASSERT_TRUE(catalog->GetItem(&second, get, &item).ok());
  EXPECT_EQ(item.id(), "a");
  v1::ServerStatus status;
  grpc::ClientContext third;
  ASSERT_TRUE(v1::ModelService::NewStub(channel)
                  ->GetServerStatus(&third, v1::GetServerStatusRequest(), &status)
                  .ok());
  EXPECT_EQ(status.catalog_item_count(), 1);
  v1::RecommendRequest request;
  request.set_user_id("u");
  v1::RecommendResponse response;
  grpc::ClientContext fourth;
  EXPECT_EQ(v1::RecommendationService::NewStub(channel)->Recommend(&fourth, request, &response).error_code(),
            grpc::FAILED_PRECONDITION);
}

}  // namespace
}  // namespace ridgeline
