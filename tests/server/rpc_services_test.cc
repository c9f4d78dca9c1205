#include "server/rpc_services.h"

#include <google/protobuf/descriptor.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <future>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "ridgeline/v1/catalog_service.grpc.pb.h"
#include "ridgeline/v1/model_service.grpc.pb.h"
#include "ridgeline/v1/recommendation_service.grpc.pb.h"
#include "tests/server/training_world.h"

namespace ridgeline {
namespace {

class RpcServicesTest : public testing::Test {
 protected:
  RpcServicesTest() {
    RpcServiceParts parts;
    parts.environment = {&world_.metrics, &logger_, &clock_};
    parts.computing = &pool_;
    parts.storing = &pool_;
    parts.catalog = &catalog_;
    parts.interactions = &interactions_;
    parts.recorder = &recorder_;
    parts.models = &models_;
    parts.retrainer = world_.retrainer.get();
    parts.watchers = &watchers_;
    parts.recommendations = &recommendations_;
    services_ = MakeRpcServices(parts);
    grpc::ServerBuilder builder;
    for (const auto& service : services_) builder.RegisterService(service.get());
    server_ = builder.BuildAndStart();
  }
  ~RpcServicesTest() override { server_->Shutdown(std::chrono::system_clock::now()); }

  // How a unary method answers `bytes`.
  grpc::Status Call(const std::string& path, const std::string& bytes) {
    grpc::GenericStub stub(server_->InProcessChannel(grpc::ChannelArguments()));
    grpc::ClientContext context;
    const grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    std::promise<grpc::Status> done;
    stub.UnaryCall(&context, path, grpc::StubOptions(), &request, &response,
                   [&done](grpc::Status status) { done.set_value(std::move(status)); });
    return done.get_future().get();
  }

  TrainingWorld world_;
  Logger logger_{LogLevel::kError, &world_.clock};
  const SystemClock clock_;
  WorkPool pool_{2, 100};
  TrainingWatchers watchers_{10};
  CatalogService catalog_{world_.stores.catalog.get(), &world_.clock};
  InteractionRecorder recorder_{world_.stores.log.get(), world_.recommender.get(),
                                &world_.snapshots,       &world_.metrics,
                                &world_.clock,           Feedback::kImplicit};
  InteractionService interactions_{world_.stores.log.get(), world_.recommender.get(), &recorder_};
  ModelService models_{ModelServiceParts{
      world_.retrainer.get(), world_.stores.models.get(), &world_.snapshots, world_.stores.log.get(),
      world_.stores.catalog.get(), &world_.clock, world_.clock.Now(), [] {}}};
  RecommendationService recommendations_{world_.recommender.get(), &world_.snapshots,
                                         world_.stores.catalog.get(), &world_.metrics, 1};
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(RpcServicesTest, EveryMethodOfTheSchemaIsServed) {
  world_.Serve();
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  int methods = 0;
  for (const char* name : {"CatalogService", "InteractionService", "ModelService", "RecommendationService"}) {
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
  EXPECT_EQ(methods, 25);
}

TEST_F(RpcServicesTest, MethodsAreNotMixedUp) {
  const auto channel = server_->InProcessChannel(grpc::ChannelArguments());
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
