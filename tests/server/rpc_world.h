#ifndef RIDGELINE_TESTS_SERVER_RPC_WORLD_H_
#define RIDGELINE_TESTS_SERVER_RPC_WORLD_H_

#include <grpcpp/channel.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <memory>
#include <vector>

#include "gtest/gtest.h"
#include "server/rpc_services.h"
#include "tests/server/training_world.h"

namespace ridgeline {

/// All RPCs on a world of their own, reached without a network.
struct RpcWorld {
  RpcWorld() {
    RpcServiceParts parts;
    parts.environment = {&world.metrics, &logger, &clock};
    parts.computing = &pool;
    parts.storing = &pool;
    parts.catalog = &catalog;
    parts.interactions = &interactions;
    parts.recorder = &recorder;
    parts.models = &models;
    parts.retrainer = world.retrainer.get();
    parts.watchers = &watchers;
    parts.streams = &streams;
    parts.recommendations = &recommendations;
    parts.backups = &backups;
    services = MakeRpcServices(parts);
    grpc::ServerBuilder builder;
    for (const auto& service : services) builder.RegisterService(service.get());
    server = builder.BuildAndStart();
    EXPECT_NE(server, nullptr);
  }
  ~RpcWorld() { server->Shutdown(std::chrono::system_clock::now()); }

  std::shared_ptr<grpc::Channel> channel() { return server->InProcessChannel(grpc::ChannelArguments()); }

  TrainingWatchers watchers{10};
  OpenStreams streams;
  TrainingWorld world{[this](const TrainingRun& run) { watchers.Notify(run); }};
  Logger logger{LogLevel::kError, &world.clock};
  const SystemClock clock;
  WorkPool pool{2, 100};
  CatalogService catalog{world.stores.catalog.get(), &world.clock};
  InteractionRecorder recorder{world.stores.log.get(), world.recommender.get(),
                               &world.snapshots,       &world.metrics,
                               &world.clock,           Feedback::kImplicit};
  InteractionService interactions{world.stores.log.get(), world.recommender.get(), &recorder};
  ModelService models{ModelServiceParts{world.retrainer.get(), world.stores.models.get(), &world.snapshots,
                                        world.stores.log.get(), world.stores.catalog.get(), &world.clock,
                                        world.clock.Now(), [] {}}};
  RecommendationService recommendations{world.recommender.get(), &world.snapshots, world.stores.catalog.get(),
                                        &world.metrics, 1};
  BackupSource backups{world.dir.path(), world.stores.log.get(), world.stores.catalog.get(),
                       world.stores.models.get()};
  std::vector<std::unique_ptr<grpc::Service>> services;
  std::unique_ptr<grpc::Server> server;
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_SERVER_RPC_WORLD_H_
