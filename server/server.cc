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
#include "server/access/listen_policy.h"
#include "server/batch_method.h"
#include "server/grpc_server.h"
#include "server/http_guard.h"
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

// Two batches a thread: while one is answered, the next is complete.
AdmissionLimits LimitsOf(const ServerOptions& options, int threads) {
  AdmissionLimits limits;
  limits.calls = static_cast<size_t>(options.max_queue);
  limits.standing_calls = std::min(limits.calls, 2 * BatchMethod::kMaxCalls * static_cast<size_t>(threads));
  return limits;
}

uint64_t RandomNonce() {
  std::random_device device;
  return (uint64_t{device()} << 32) | device();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options, Logger* logger,
                                                      const Clock* clock) {
  std::unique_ptr<Server> server(new Server(options, logger, clock));
  RIDGELINE_RETURN_IF_ERROR(server->OpenAccess());
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
      computing_(ComputingThreads(options), LimitsOf(options, ComputingThreads(options))),
      storing_(kStoringThreads, LimitsOf(options, kStoringThreads)) {}

Server::~Server() {
  Shutdown();
}

absl::Status Server::OpenAccess() {
  ListenPolicy policy;
  policy.grpc_address = options_.grpc_address;
  policy.http_address = options_.http_address;
  policy.has_api_keys = !options_.api_keys.empty();
  policy.has_tls = !options_.tls.certificate.empty();
  policy.insecure_listen = options_.insecure_listen;
  RIDGELINE_RETURN_IF_ERROR(CheckListenPolicy(policy));
  if (policy.has_tls) {
    RIDGELINE_ASSIGN_OR_RETURN(tls_, TlsIdentity::Open(options_.tls));
  }
  if (!options_.audit_log.empty()) {
    RIDGELINE_ASSIGN_OR_RETURN(audit_, AuditLog::Open(options_.audit_log, clock_));
  }
  if (options_.api_keys.empty()) return absl::OkStatus();
  if (audit_ == nullptr) {
    const auto write = [this](const std::string& line) {
      logger_->WriteLine(line);
      return true;  // what becomes of it is not known
    };
    audit_ = std::make_unique<AuditLog>(write, clock_);
  }
  RIDGELINE_ASSIGN_OR_RETURN(access_, AccessControl::Open(options_.api_keys));
  return absl::OkStatus();
}

void Server::LookAfterFiles() {
  if (access_ != nullptr) LogReload("API keys", access_->Reload(), &keys_error_);
  if (tls_ != nullptr) LogReload("certificates", tls_->Reload(), &tls_error_);
  if (audit_ != nullptr) LookAfterAudit();
  // What the disk kept of a backup's view holds up the erasing of users; the next visit tries again.
  backups_->Settle().IgnoreError();
}

void Server::LookAfterAudit() {
  audit_->Reopen();
  audit_->SumUp();
  const int64_t lost = audit_->lost();
  if (lost == lost_audit_lines_) return;
  metrics_.CountLostAuditLines(lost - lost_audit_lines_);
  logger_->Error("audit lines lost", {{"lines", lost - lost_audit_lines_}, {"file", options_.audit_log}});
  lost_audit_lines_ = lost;
}

void Server::LogReload(absl::string_view what, const absl::StatusOr<bool>& reloaded, absl::Status* last) {
  if (!reloaded.ok()) {
    if (reloaded.status() == *last) return;  // what fails is tried again and again, and told once
    *last = reloaded.status();
    metrics_.CountReloadError();
    logger_->Error(absl::StrCat(what, " not reloaded, those from before stay in force"),
                   {{"message", reloaded.status().message()}});
  } else if (*reloaded) {
    *last = absl::OkStatus();
    logger_->Info(absl::StrCat(what, " reloaded"));
  }
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
      StateMetricsParts{&snapshots_, log, catalog, stores_.models.get(), retrainer_.get(), clock_,
                        process_start_, options_.data_dir});
  metrics_.AddSource(state_metrics_);
  KnowVersions();
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
  backups_ = std::make_unique<BackupSource>(options_.data_dir, log, catalog, stores_.models.get());
}

void Server::KnowVersions() {
  // Answers of the models that are on disk may come back still. Without the list they count as unknown.
  const absl::StatusOr<std::vector<ModelInfo>> models = stores_.models->List();
  if (!models.ok()) return;
  for (const ModelInfo& model : *models) metrics_.hits().Know(model.version);
}

absl::Status Server::Listen() {
  RpcServiceParts parts;
  parts.environment = {&metrics_, logger_, clock_, access_.get(), audit_.get(), ""};
  parts.computing = &computing_;
  parts.storing = &storing_;
  parts.catalog = catalog_service_.get();
  parts.interactions = interaction_service_.get();
  parts.recorder = recorder_.get();
  parts.models = model_service_.get();
  parts.retrainer = retrainer_.get();
  parts.watchers = &watchers_;
  parts.streams = &streams_;
  parts.recommendations = recommendation_service_.get();
  parts.backups = backups_.get();
  rpc_services_ = MakeRpcServices(parts);
  // HTTP first: gRPC's port is what the callers wait for.
  RIDGELINE_ASSIGN_OR_RETURN(http_,
                             HttpServer::Start(options_.http_address, MakeHttpRoutes(&metrics_, &readiness_),
                                               MakeHttpGuard(access_.get(), audit_.get())));
  GrpcSecurity security;
  if (tls_ != nullptr) security.credentials = tls_->MakeCredentials();
  if (access_ != nullptr) {
    unknown_methods_ = std::make_unique<UnknownMethods>(parts.environment);
    security.unknown_methods = unknown_methods_.get();
  }
  RIDGELINE_ASSIGN_OR_RETURN(grpc_, StartGrpcServer(options_.grpc_address, rpc_services_, security));
  readiness_.Attach(grpc_.server->GetHealthCheckService());
  ticker_ = std::make_unique<Ticker>(options_.reload_interval, [this] { LookAfterFiles(); });
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
    if (!run.model_version.empty()) metrics_.hits().Know(run.model_version);
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
                                                          {"validation", run.verdict.reason},
                                                          {"seconds", seconds}});
      break;
    case TrainingState::kHeldBack:
      logger_->Warning("model held back", {{"training", run.id},
                                           {"model", run.model_version},
                                           {"reason", run.verdict.reason},
                                           {"live_model", run.verdict.live_version},
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

void Server::EndTraining() {
  if (retrainer_ != nullptr) retrainer_->Stop();
  watchers_.CloseAll();
}

void Server::EndCalls() {
  if (grpc_.server == nullptr) return;
  streams_.CloseAll();
  DrainGrpcServer(grpc_, options_.drain_timeout);
  grpc_.server.reset();
}

void Server::Shutdown() {
  const bool listening = grpc_.server != nullptr;
  if (listening) logger_->Info("server shuts down");
  ticker_.reset();
  readiness_.Drain();
  // Beside each other: a training takes a moment to be cancelled, in which no new call should come.
  std::thread training([this] { EndTraining(); });
  EndCalls();
  training.join();
  if (audit_ != nullptr) LookAfterAudit();
  if (listening) logger_->Info("server stopped");
  if (http_ != nullptr) http_->Stop();
  computing_.Stop();
  storing_.Stop();
}

}  // namespace ridgeline
