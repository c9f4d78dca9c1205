#ifndef RIDGELINE_SERVER_RPC_SERVICES_H_
#define RIDGELINE_SERVER_RPC_SERVICES_H_

#include <grpcpp/impl/service_type.h>

#include <memory>
#include <vector>

#include "core/backup/backup_source.h"
#include "core/training/retrainer.h"
#include "server/catalog_service.h"
#include "server/interaction_recorder.h"
#include "server/interaction_service.h"
#include "server/model_service.h"
#include "server/open_streams.h"
#include "server/queue/work_pool.h"
#include "server/recommendation_service.h"
#include "server/rpc_method.h"
#include "server/training_watchers.h"

namespace ridgeline {

/// What answers the calls. The pointers must outlive the gRPC services.
struct RpcServiceParts {
  RpcEnvironment environment;
  WorkPool* computing = nullptr;  ///< for calls that use the processor; few threads
  WorkPool* storing = nullptr;    ///< for calls that wait for the disk; many threads, that share its syncs
  CatalogService* catalog = nullptr;
  InteractionService* interactions = nullptr;
  InteractionRecorder* recorder = nullptr;
  ModelService* models = nullptr;
  const Retrainer* retrainer = nullptr;
  TrainingWatchers* watchers = nullptr;
  OpenStreams* streams = nullptr;
  RecommendationService* recommendations = nullptr;
  BackupSource* backups = nullptr;
};

/// The five services as gRPC registers them. Every method takes and gives bytes, so that a request that
/// cannot be parsed gets an answer of ours.
std::vector<std::unique_ptr<grpc::Service>> MakeRpcServices(const RpcServiceParts& parts);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_RPC_SERVICES_H_
