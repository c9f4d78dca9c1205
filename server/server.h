#ifndef RIDGELINE_SERVER_SERVER_H_
#define RIDGELINE_SERVER_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/backup/backup_source.h"
#include "core/base/clock.h"
#include "core/base/ticker.h"
#include "core/serving/recommender.h"
#include "core/serving/snapshot_holder.h"
#include "core/training/retrainer.h"
#include "server/access/access_control.h"
#include "server/access/audit_log.h"
#include "server/access/tls_identity.h"
#include "server/catalog_service.h"
#include "server/grpc_server.h"
#include "server/http_server.h"
#include "server/interaction_recorder.h"
#include "server/interaction_service.h"
#include "server/logger.h"
#include "server/metrics.h"
#include "server/model_service.h"
#include "server/open_streams.h"
#include "server/queue/work_pool.h"
#include "server/readiness.h"
#include "server/recommendation_service.h"
#include "server/server_options.h"
#include "server/state_metrics.h"
#include "server/stores.h"
#include "server/training_watchers.h"
#include "server/unknown_methods.h"

namespace ridgeline {

/// The whole server, put together: stores, live model, recommender, retrainer, gRPC and HTTP.
/// Thread-compatible.
class Server {
 public:
  /// Starts everything and returns once both ports answer. An error says in one line what could not be
  /// started and leaves nothing running. The pointers must outlive the server.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options, Logger* logger,
                                                       const Clock* clock);

  /// Shuts down.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int grpc_port() const { return grpc_.port; }
  int http_port() const { return http_->port(); }

  /// Stops taking calls, cancels a training, ends streams, lets other calls under way end for at most the
  /// drain timeout, cuts silent connections, closes the stores. Idempotent.
  void Shutdown();

 private:
  Server(const ServerOptions& options, Logger* logger, const Clock* clock);

  absl::Status OpenAccess();
  absl::Status OpenData();
  void MakeServices();
  void KnowVersions();
  absl::Status Listen();
  absl::Status WritePortsFile() const;

  // Those who watch a training are told how it ended.
  void EndTraining();
  void EndCalls();

  // Takes up files of access that were changed.
  void LookAfterFiles();
  void LogReload(absl::string_view what, const absl::StatusOr<bool>& reloaded, absl::Status* last);
  void LookAfterAudit();
  void LogStart() const;

  /// A training run changed: tells those who watch it; at its end also counts and logs it.
  void OnTrainingChange(const TrainingRun& run);
  void LogTrainingEnd(const TrainingRun& run) const;

  // From the most basic to what uses it; destroyed in the opposite order.
  const ServerOptions options_;
  Logger* const logger_;
  const Clock* const clock_;
  const absl::Time process_start_;
  Metrics metrics_;
  std::unique_ptr<AccessControl> access_;  // null: open to everybody
  std::unique_ptr<TlsIdentity> tls_;       // null: no encryption
  std::unique_ptr<AuditLog> audit_;        // null: nothing is audited
  int64_t lost_audit_lines_ = 0;           // that were counted; of the ticker
  absl::Status keys_error_, tls_error_;    // of the last reloading, if it failed; of the ticker
  Stores stores_;
  SnapshotHolder snapshots_;
  Readiness readiness_;
  TrainingWatchers watchers_;
  OpenStreams streams_;
  std::unique_ptr<Recommender> recommender_;
  std::unique_ptr<Retrainer> retrainer_;
  std::shared_ptr<StateMetrics> state_metrics_;
  std::unique_ptr<CatalogService> catalog_service_;
  std::unique_ptr<InteractionRecorder> recorder_;
  std::unique_ptr<InteractionService> interaction_service_;
  std::unique_ptr<ModelService> model_service_;
  std::unique_ptr<RecommendationService> recommendation_service_;
  std::unique_ptr<BackupSource> backups_;
  WorkPool computing_;
  WorkPool storing_;
  std::vector<std::unique_ptr<grpc::Service>> rpc_services_;
  std::unique_ptr<UnknownMethods> unknown_methods_;
  ListeningGrpcServer grpc_;
  std::unique_ptr<HttpServer> http_;
  std::unique_ptr<Ticker> ticker_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_SERVER_H_
