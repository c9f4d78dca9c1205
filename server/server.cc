#include "server/server.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/file.h"
#include "core/base/status_macros.h"
#include "server/grpc_server.h"
#include "server/http_routes.h"
#include "server/rpc_services.h"
#include "server/version.h"

namespace ridgeline {
namespace {

// They wait for the disk, not for a processor, and those that wait together share one sync.
constexpr int kStoringThreads = 16;

constexpr size_t kMaxWatchers = 256;

int ComputingThreads(const ServerOptions& options) {
  if (options.serving_threads > 0) return options.serving_threads;
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

uint64_t RandomNonce() {
  std::random_device device;
  return (uint64_t{device()} << 32) | device();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options, Logger* logger,
                                                      const Clock* clock) {
  std::unique_ptr<Server> server(new Server(options, logger, clock));
  RIDGELINE_RETURN_IF_ERROR(server->OpenData());
  server->MakeServices();
  RIDGELINE_RETURN_IF_ERROR(server->Listen());
  RIDGELINE_RETURN_IF_ERROR(server->WritePortsFile());
  server->LogStart();
  return server;
}

Server::Server(const ServerOptions& options, Logger* logger, const Clock* clock)
    : options_(options),
      logger_(logger),
      clock_(clock),
      process_start_(clock->Now()),
      metrics_(kSoftwareVersion),
      readiness_(&snapshots_, options.allow_empty_start),
      watchers_(kMaxWatchers),
      computing_(ComputingThreads(options), options.max_queue),
      storing_(kStoringThreads, options.max_queue) {}

Server::~Server() {
  Shutdown();
}

absl::Status Server::OpenData() {
  RIDGELINE_ASSIGN_OR_RETURN(stores_, OpenStores(options_.data_dir));
  RIDGELINE_RETURN_IF_ERROR(LoadLiveModel(stores_, options_.data_dir, &snapshots_));
  // The live model can answer everybody.
  const absl::Status resumed = LoadExperiment(stores_, &snapshots_);
  if (!resumed.ok()) logger_->Error("experiment cannot go on", {{"message", resumed.message()}});
  return absl::OkStatus();
}

void Server::MakeServices() {
  InteractionLog* const log = stores_.log.get();
  Catalog* const catalog = stores_.catalog.get();
  recommender_ = std::make_unique<Recommender>(&snapshots_, log, catalog, options_.cached_users);
  retrainer_ = std::make_unique<Retrainer>(options_.retrainer, log, catalog, stores_.models.get(),
                                           &snapshots_, recommender_.get(), clock_,
                                           [this](const TrainingRun& run) { OnTrainingChange(run); });
  state_metrics_ = std::make_shared<StateMetrics>(
      StateMetricsParts{&snapshots_, log, catalog, retrainer_.get(), clock_, process_start_});
  metrics_.AddSource(state_metrics_);
  catalog_service_ = std::make_unique<CatalogService>(catalog, clock_);
  recorder_ = std::make_unique<InteractionRecorder>(log, recommender_.get(), &snapshots_, &metrics_, clock_,
                                                    options_.retrainer.als.hyperparameters.feedback);
  interaction_service_ = std::make_unique<InteractionService>(log, recommender_.get(), recorder_.get());
  model_service_ = std::make_unique<ModelService>(ModelServiceParts{
      retrainer_.get(), stores_.models.get(), &snapshots_, log, catalog, clock_, process_start_, [this] {
        readiness_.Refresh();
        logger_->Info("model activated", {{"model", snapshots_.Get()->version()}});
      }});
  recommendation_service_ = std::make_unique<RecommendationService>(recommender_.get(), &snapshots_, catalog,
                                                                    &metrics_, RandomNonce());
}

absl::Status Server::Listen() {
  RpcServiceParts parts;
  parts.environment = {&metrics_, logger_, clock_};
  parts.computing = &computing_;
  parts.storing = &storing_;
  parts.catalog = catalog_service_.get();
  parts.interactions = interaction_service_.get();
  parts.recorder = recorder_.get();
  parts.models = model_service_.get();
  parts.retrainer = retrainer_.get();
  parts.watchers = &watchers_;
  parts.recommendations = recommendation_service_.get();
  rpc_services_ = MakeRpcServices(parts);
  // HTTP first: gRPC's port is what the callers wait for.
  RIDGELINE_ASSIGN_OR_RETURN(
      http_, HttpServer::Start(options_.http_address, MakeHttpRoutes(&metrics_, &readiness_)));
  RIDGELINE_ASSIGN_OR_RETURN(ListeningGrpcServer listening,
                             StartGrpcServer(options_.grpc_address, rpc_services_));
  grpc_ = std::move(listening.server);
  grpc_port_ = listening.port;
  readiness_.Attach(grpc_->GetHealthCheckService());
  return absl::OkStatus();
}

absl::Status Server::WritePortsFile() const {
  if (options_.ports_file.empty()) return absl::OkStatus();
  absl::Status status = ReplaceFileDurably(
      options_.ports_file, absl::StrCat("{\"grpc\": ", grpc_port(), ", \"http\": ", http_port(), "}\n"));
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat("ports file ", options_.ports_file, ": ", status.message()));
}

void Server::LogStart() const {
  const ServedModels served = snapshots_.All();
  const auto& live = served.live;
  const std::string experiment = served.candidate == nullptr ? "" : served.candidate->experiment.id;
  logger_->Info("server started", {{"version", kSoftwareVersion},
                                   {"grpc_address", options_.grpc_address},
                                   {"grpc_port", grpc_port()},
                                   {"http_address", options_.http_address},
                                   {"http_port", http_port()},
                                   {"data_dir", options_.data_dir},
                                   {"model", live == nullptr ? "" : live->version()},
                                   {"experiment", experiment},
                                   {"interactions", stores_.log->size()},
                                   {"items", stores_.catalog->size()}});
}

void Server::OnTrainingChange(const TrainingRun& run) {
  // Before those who watch see the end: what they ask for next must show it.
  if (run.ended()) {
    readiness_.Refresh();
    metrics_.CountTraining(run.state);
    LogTrainingEnd(run);
  }
  watchers_.Notify(run);
}

void Server::LogTrainingEnd(const TrainingRun& run) const {
  const double seconds = absl::ToDoubleSeconds(run.end_time - run.create_time);
  switch (run.state) {
    case TrainingState::kSucceeded:
      logger_->Info("training succeeded, model is live", {{"training", run.id},
                                                          {"model", run.model_version},
                                                          {"iterations", run.iteration},
                                                          {"seconds", seconds}});
      break;
    case TrainingState::kFailed:
      logger_->Error("training failed",
                     {{"training", run.id}, {"message", run.error.message()}, {"seconds", seconds}});
      break;
    default:
      logger_->Info("training cancelled", {{"training", run.id}, {"seconds", seconds}});
  }
}

void Server::Shutdown() {
  if (grpc_ != nullptr) logger_->Info("server shuts down");
  readiness_.Drain();
  if (retrainer_ != nullptr) retrainer_->Stop();
  watchers_.CloseAll();
  if (grpc_ != nullptr) {
    grpc_->Shutdown(absl::ToChronoTime(absl::Now() + options_.drain_timeout));
    grpc_->Wait();
    grpc_.reset();
    logger_->Info("server stopped");
  }
  if (http_ != nullptr) http_->Stop();
  computing_.Stop();
  storing_.Stop();
}

}  // namespace ridgeline
