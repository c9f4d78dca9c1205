#include "tests/client/fake_server.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/support/server_interceptor.h"
#include "ridgeline/v1/backup_service.grpc.pb.h"
#include "ridgeline/v1/catalog_service.grpc.pb.h"
#include "ridgeline/v1/interaction_service.grpc.pb.h"
#include "ridgeline/v1/model_service.grpc.pb.h"
#include "ridgeline/v1/recommendation_service.grpc.pb.h"

namespace ridgeline {
namespace {

using grpc::ServerContext;
using grpc::Status;

class FakeRecommendationService final : public v1::RecommendationService::Service {
 public:
  explicit FakeRecommendationService(FakeServer& fake) : fake_(fake) {}

  Status Recommend(ServerContext*, const v1::RecommendRequest* request,
                   v1::RecommendResponse* response) override {
    return fake_.Answer(*request, response);
  }
  Status BatchRecommend(ServerContext*, const v1::BatchRecommendRequest* request,
                        v1::BatchRecommendResponse* response) override {
    return fake_.Answer(*request, response);
  }
  Status SimilarItems(ServerContext*, const v1::SimilarItemsRequest* request,
                      v1::SimilarItemsResponse* response) override {
    return fake_.Answer(*request, response);
  }
  Status SimilarUsers(ServerContext*, const v1::SimilarUsersRequest* request,
                      v1::SimilarUsersResponse* response) override {
    return fake_.Answer(*request, response);
  }
  Status ScoreItems(ServerContext*, const v1::ScoreItemsRequest* request,
                    v1::ScoreItemsResponse* response) override {
    return fake_.Answer(*request, response);
  }
  Status Explain(ServerContext*, const v1::ExplainRequest* request, v1::ExplainResponse* response) override {
    return fake_.Answer(*request, response);
  }

 private:
  FakeServer& fake_;
};

class FakeInteractionService final : public v1::InteractionService::Service {
 public:
  explicit FakeInteractionService(FakeServer& fake) : fake_(fake) {}

  Status RecordInteractions(ServerContext*, const v1::RecordInteractionsRequest* request,
                            v1::RecordInteractionsResponse* response) override {
    return fake_.Answer(*request, response);
  }
  Status ListInteractions(ServerContext*, const v1::ListInteractionsRequest* request,
                          v1::ListInteractionsResponse* response) override {
    return fake_.Answer(*request, response);
  }
  Status DeleteUser(ServerContext*, const v1::DeleteUserRequest* request,
                    v1::DeleteUserResponse* response) override {
    return fake_.Answer(*request, response);
  }
  Status ImportInteractions(ServerContext*, grpc::ServerReader<v1::ImportInteractionsRequest>* reader,
                            v1::ImportInteractionsResponse* response) override {
    v1::ImportInteractionsRequest request;
    while (reader->Read(&request)) {
      fake_.RememberBatch(request.interactions_size());
      fake_.Remember(request);
    }
    return fake_.Answer(request, response);
  }

 private:
  FakeServer& fake_;
};

class FakeCatalogService final : public v1::CatalogService::Service {
 public:
  explicit FakeCatalogService(FakeServer& fake) : fake_(fake) {}

  Status UpsertItems(ServerContext*, const v1::UpsertItemsRequest* request,
                     v1::UpsertItemsResponse* response) override {
    return fake_.Answer(*request, response);
  }
  Status GetItem(ServerContext*, const v1::GetItemRequest* request, v1::Item* response) override {
    return fake_.Answer(*request, response);
  }
  Status ListItems(ServerContext*, const v1::ListItemsRequest* request,
                   v1::ListItemsResponse* response) override {
    return fake_.Answer(*request, response);
  }
  Status DeleteItem(ServerContext*, const v1::DeleteItemRequest* request,
                    v1::DeleteItemResponse* response) override {
    return fake_.Answer(*request, response);
  }

 private:
  FakeServer& fake_;
};

class FakeModelService final : public v1::ModelService::Service {
 public:
  explicit FakeModelService(FakeServer& fake) : fake_(fake) {}

  Status GetModel(ServerContext*, const v1::GetModelRequest* request, v1::Model* response) override {
    return fake_.Answer(*request, response);
  }
  Status ListModels(ServerContext*, const v1::ListModelsRequest* request,
                    v1::ListModelsResponse* response) override {
    return fake_.Answer(*request, response);
  }
  Status StartTraining(ServerContext*, const v1::StartTrainingRequest* request,
                       v1::Training* response) override {
    return fake_.Answer(*request, response);
  }
  Status GetTraining(ServerContext*, const v1::GetTrainingRequest* request, v1::Training* response) override {
    return fake_.Answer(*request, response);
  }
  Status CancelTraining(ServerContext*, const v1::CancelTrainingRequest* request,
                        v1::Training* response) override {
    return fake_.Answer(*request, response);
  }
  Status ActivateModel(ServerContext*, const v1::ActivateModelRequest* request,
                       v1::Model* response) override {
    return fake_.Answer(*request, response);
  }
  Status SetExperiment(ServerContext*, const v1::SetExperimentRequest* request,
                       v1::Experiment* response) override {
    return fake_.Answer(*request, response);
  }
  Status GetExperiment(ServerContext*, const v1::GetExperimentRequest* request,
                       v1::Experiment* response) override {
    return fake_.Answer(*request, response);
  }
  Status EndExperiment(ServerContext*, const v1::EndExperimentRequest* request,
                       v1::Experiment* response) override {
    return fake_.Answer(*request, response);
  }
  Status GetServerStatus(ServerContext*, const v1::GetServerStatusRequest* request,
                         v1::ServerStatus* response) override {
    return fake_.Answer(*request, response);
  }
  Status WatchTraining(ServerContext*, const v1::WatchTrainingRequest* request,
                       grpc::ServerWriter<v1::Training>* writer) override {
    for (const v1::Training& training : fake_.trainings()) writer->Write(training);
    v1::Training unused;
    return fake_.Answer(*request, &unused);
  }

 private:
  FakeServer& fake_;
};

class FakeHealth final : public grpc::health::v1::Health::Service {
 public:
  explicit FakeHealth(FakeServer& fake) : fake_(fake) {}

  Status Check(ServerContext*, const grpc::health::v1::HealthCheckRequest* request,
               grpc::health::v1::HealthCheckResponse* response) override {
    return fake_.Answer(*request, response);
  }

 private:
  FakeServer& fake_;
};

class FakeBackupService final : public v1::BackupService::Service {
 public:
  explicit FakeBackupService(FakeServer& fake) : fake_(fake) {}

  Status CreateBackup(ServerContext*, const v1::CreateBackupRequest* request,
                      grpc::ServerWriter<v1::CreateBackupResponse>* writer) override {
    for (const v1::CreateBackupResponse& message : fake_.backup()) writer->Write(message);
    v1::CreateBackupResponse none;
    return fake_.Answer(*request, &none);
  }

 private:
  FakeServer& fake_;
};

}  // namespace

class FakeServer::Services {
 public:
  explicit Services(FakeServer& fake) {
    services_.push_back(std::make_unique<FakeRecommendationService>(fake));
    services_.push_back(std::make_unique<FakeInteractionService>(fake));
    services_.push_back(std::make_unique<FakeCatalogService>(fake));
    services_.push_back(std::make_unique<FakeModelService>(fake));
    services_.push_back(std::make_unique<FakeBackupService>(fake));
    services_.push_back(std::make_unique<FakeHealth>(fake));
  }

  void RegisterWith(grpc::ServerBuilder& builder) {
    for (const std::unique_ptr<grpc::Service>& service : services_) builder.RegisterService(service.get());
  }

 private:
  std::vector<std::unique_ptr<grpc::Service>> services_;
};

// Looks at the headers of every call, whatever its service.
class HeaderReader final : public grpc::experimental::Interceptor {
 public:
  explicit HeaderReader(FakeServer& fake) : fake_(fake) {}
  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    using Point = grpc::experimental::InterceptionHookPoints;
    if (methods->QueryInterceptionHookPoint(Point::POST_RECV_INITIAL_METADATA)) {
      const auto* headers = methods->GetRecvInitialMetadata();
      const auto found = headers->find("authorization");
      fake_.RememberAuthorization(
          found == headers->end() ? "" : std::string(found->second.data(), found->second.size()));
    }
    methods->Proceed();
  }

 private:
  FakeServer& fake_;
};

class HeaderReaders final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit HeaderReaders(FakeServer& fake) : fake_(fake) {}
  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo*) override {
    return new HeaderReader(fake_);
  }

 private:
  FakeServer& fake_;
};

FakeServer::FakeServer() : services_(std::make_unique<Services>(*this)) {
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  services_->RegisterWith(builder);
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
  interceptors.push_back(std::make_unique<HeaderReaders>(*this));
  builder.experimental().SetInterceptorCreators(std::move(interceptors));
  server_ = builder.BuildAndStart();
  address_ = absl::StrCat("127.0.0.1:", port);
}

FakeServer::~FakeServer() {
  Release();
  server_->Shutdown();
}

void FakeServer::RememberAuthorization(std::string authorization) {
  MutexLock lock(&mutex_);
  authorizations_.push_back(std::move(authorization));
}

std::vector<std::string> FakeServer::authorizations() const {
  MutexLock lock(&mutex_);
  return authorizations_;
}

void FakeServer::Respond(const google::protobuf::Message& response) {
  MutexLock lock(&mutex_);
  responses_[response.GetTypeName()] = response.SerializeAsString();
}

void FakeServer::FailNext(const Status& status) {
  MutexLock lock(&mutex_);
  failures_.push_back(status);
}

void FakeServer::SetTrainings(std::vector<v1::Training> trainings) {
  MutexLock lock(&mutex_);
  trainings_ = std::move(trainings);
}

void FakeServer::Hold() {
  MutexLock lock(&mutex_);
  held_ = true;
}

void FakeServer::Release() {
  MutexLock lock(&mutex_);
  held_ = false;
  released_.SignalAll();
}

int FakeServer::calls() const {
  MutexLock lock(&mutex_);
  return calls_;
}

std::vector<int> FakeServer::import_batches() const {
  MutexLock lock(&mutex_);
  return import_batches_;
}

void FakeServer::SetBackup(std::vector<v1::CreateBackupResponse> messages) {
  MutexLock lock(&mutex_);
  backup_ = std::move(messages);
}

std::vector<v1::CreateBackupResponse> FakeServer::backup() const {
  MutexLock lock(&mutex_);
  return backup_;
}

std::vector<v1::Training> FakeServer::trainings() const {
  MutexLock lock(&mutex_);
  return trainings_;
}

Status FakeServer::Answer(const google::protobuf::Message& request, google::protobuf::Message* response) {
  Remember(request);
  MutexLock lock(&mutex_);
  ++calls_;
  while (held_) released_.Wait(&mutex_);
  if (!failures_.empty()) {
    const Status status = failures_.front();
    failures_.pop_front();
    return status;
  }
  response->ParseFromString(responses_[response->GetTypeName()]);
  return Status::OK;
}

void FakeServer::Remember(const google::protobuf::Message& request) {
  MutexLock lock(&mutex_);
  requests_[request.GetTypeName()] = request.SerializeAsString();
}

void FakeServer::RememberBatch(int interactions) {
  MutexLock lock(&mutex_);
  import_batches_.push_back(interactions);
}

void FakeServer::CopyLast(google::protobuf::Message* request) const {
  MutexLock lock(&mutex_);
  const auto found = requests_.find(request->GetTypeName());
  if (found != requests_.end()) request->ParseFromString(found->second);
}

}  // namespace ridgeline
