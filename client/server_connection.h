#ifndef RIDGELINE_CLIENT_SERVER_CONNECTION_H_
#define RIDGELINE_CLIENT_SERVER_CONNECTION_H_

#include <memory>
#include <tuple>

#include "grpc/health/v1/health.grpc.pb.h"
#include "grpcpp/channel.h"
#include "ridgeline/v1/backup_service.grpc.pb.h"
#include "ridgeline/v1/catalog_service.grpc.pb.h"
#include "ridgeline/v1/interaction_service.grpc.pb.h"
#include "ridgeline/v1/model_service.grpc.pb.h"
#include "ridgeline/v1/recommendation_service.grpc.pb.h"

namespace ridgeline {

/// What calls one server: its connection, made when it is needed, and a stub a service. Thread-safe.
class ServerConnection {
 public:
  explicit ServerConnection(std::shared_ptr<grpc::Channel> channel)
      : channel_(std::move(channel)), stubs_(channel_, channel_, channel_, channel_, channel_, channel_) {}

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

  template <typename Stub>
  Stub& stub() {
    return std::get<Stub>(stubs_);
  }

 private:
  const std::shared_ptr<grpc::Channel> channel_;
  std::tuple<v1::RecommendationService::Stub, v1::InteractionService::Stub, v1::CatalogService::Stub,
             v1::ModelService::Stub, v1::BackupService::Stub, grpc::health::v1::Health::Stub>
      stubs_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_SERVER_CONNECTION_H_
