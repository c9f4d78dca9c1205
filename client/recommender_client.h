#ifndef RIDGELINE_CLIENT_RECOMMENDER_CLIENT_H_
#define RIDGELINE_CLIENT_RECOMMENDER_CLIENT_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "client/import_writer.h"
#include "client/retrier.h"
#include "client/tls_options.h"
#include "ridgeline/v1/backup_service.pb.h"
#include "ridgeline/v1/catalog_service.pb.h"
#include "ridgeline/v1/interaction_service.pb.h"
#include "ridgeline/v1/model_service.pb.h"
#include "ridgeline/v1/recommendation_service.pb.h"

namespace ridgeline {

/// How a RecommenderClient behaves.
struct RecommenderClientOptions {
  /// "HOST:PORT" or any other gRPC target, e.g. "unix:/run/ridgeline.sock". Several servers, separated by
  /// commas: calls go to the first that can be reached, the others stand by.
  std::string address = "127.0.0.1:50051";
  /// Sent with every call; "" for a server without API keys. Who can read the connection can read it: for
  /// TLS, or on one machine.
  std::string api_key;
  /// Encryption of the connection; off unless `tls.enabled`.
  TlsOptions tls;
  /// How long a call may take, all its attempts together; above 0. Longer waits out a busy server, shorter
  /// leaves the caller time for a fallback.
  absl::Duration timeout = absl::Seconds(5);
  /// How long a stream (ImportInteractions, WatchTraining, CreateBackup) may take; above 0.
  absl::Duration stream_timeout = absl::Hours(24);
  /// What happens when the server cannot be reached. A `jitter_seed` of 0 takes one from the system.
  RetryOptions retry;
  /// Gives interactions without an event id a unique one, so that RecordInteractions can be repeated safely.
  /// Costs 40 bytes an interaction on the server's disk.
  bool fill_event_ids = false;
  /// Not owned, must outlive the client; null takes the machine's clock. For tests.
  RetryClock* clock = nullptr;
};

/// What differs for one call.
struct CallOptions {
  /// Default: the client's. 0 or less fails at once, so a caller may pass what is left of its own deadline.
  absl::optional<absl::Duration> timeout;
};

/// Calls a Ridgeline server. Thread-safe: make one for the whole program and share it; all calls use one
/// connection a server, which is made on the first call and made anew when it is lost.
///
/// Every call has a deadline. A call that ends in kUnavailable is made again within it, up to
/// `retry.max_attempts` times with exponential backoff, unless doing it twice differs from doing it once:
/// StartTraining, DeleteItem, EndExperiment, streams, and RecordInteractions with an interaction that has no
/// event id. Of several servers an attempt asks one after the other until one can be reached; that one's
/// answer counts, also when it says that it cannot do it. No other error is retried. Each server has a log of
/// its own: what one recorded or erased, the next one does not know.
///
/// Errors of every method, beside those that its RPC documents in ridgeline/v1/*.proto: kInvalidArgument
/// naming the field, with nothing sent, when a string is not UTF-8; kDeadlineExceeded; kUnavailable when the
/// server cannot be reached; kResourceExhausted when it is overloaded. The message has the server's field
/// violations; every detail that the server attached is a payload of the status under its type URL.
class RecommenderClient {
 public:
  /// Makes a client without connecting yet. kInvalidArgument naming the option that is out of range.
  static absl::StatusOr<std::unique_ptr<RecommenderClient>> Create(const RecommenderClientOptions& options);

  ~RecommenderClient();
  RecommenderClient(const RecommenderClient&) = delete;
  RecommenderClient& operator=(const RecommenderClient&) = delete;

  // RecommendationService. All: kFailedPrecondition while no model is loaded.

  /// The k best items for a user, a history or a vector.
  absl::StatusOr<v1::RecommendResponse> Recommend(const v1::RecommendRequest& request,
                                                  const CallOptions& options = {});

  /// Many Recommend requests from one model version; a wrong one fails alone, within the OK response.
  absl::StatusOr<v1::BatchRecommendResponse> BatchRecommend(const v1::BatchRecommendRequest& request,
                                                            const CallOptions& options = {});

  /// The items nearest to an item. kNotFound when the model does not know it.
  absl::StatusOr<v1::SimilarItemsResponse> SimilarItems(const v1::SimilarItemsRequest& request,
                                                        const CallOptions& options = {});

  /// The users nearest to a user. kNotFound when neither model nor interaction log knows it.
  absl::StatusOr<v1::SimilarUsersResponse> SimilarUsers(const v1::SimilarUsersRequest& request,
                                                        const CallOptions& options = {});

  /// The scores of given items for a user. kNotFound for an unknown user.
  absl::StatusOr<v1::ScoreItemsResponse> ScoreItems(const v1::ScoreItemsRequest& request,
                                                    const CallOptions& options = {});

  /// What one score is made of. kNotFound for an unknown user or item.
  absl::StatusOr<v1::ExplainResponse> Explain(const v1::ExplainRequest& request,
                                              const CallOptions& options = {});

  // InteractionService.

  /// Records a batch, all or nothing; durable and heeded by the next call once OK. Takes the request by value
  /// because it may fill in event ids; move it in.
  absl::StatusOr<v1::RecordInteractionsResponse> RecordInteractions(v1::RecordInteractionsRequest request,
                                                                    const CallOptions& options = {});

  /// Opens a stream for many interactions; the caller owns it and may keep it longer than the client. Its
  /// errors are those of the writer's methods.
  std::unique_ptr<ImportWriter> ImportInteractions(const CallOptions& options = {});

  /// One user's interactions, oldest first; an unknown user has none.
  absl::StatusOr<v1::ListInteractionsResponse> ListInteractions(const v1::ListInteractionsRequest& request,
                                                                const CallOptions& options = {});

  /// Erases what is recorded of a user, on the server that answers alone. A retry after a lost answer counts
  /// 0 erased interactions.
  absl::StatusOr<v1::DeleteUserResponse> DeleteUser(const v1::DeleteUserRequest& request,
                                                    const CallOptions& options = {});

  // CatalogService.

  /// Inserts or replaces items, all or nothing.
  absl::StatusOr<v1::UpsertItemsResponse> UpsertItems(const v1::UpsertItemsRequest& request,
                                                      const CallOptions& options = {});

  /// One item. kNotFound when the catalogue has none of this id.
  absl::StatusOr<v1::Item> GetItem(const v1::GetItemRequest& request, const CallOptions& options = {});

  /// One page of items in the order of their ids.
  absl::StatusOr<v1::ListItemsResponse> ListItems(const v1::ListItemsRequest& request,
                                                  const CallOptions& options = {});

  /// Removes an item's metadata. kNotFound when the catalogue has none of this id. Not retried.
  absl::StatusOr<v1::DeleteItemResponse> DeleteItem(const v1::DeleteItemRequest& request,
                                                    const CallOptions& options = {});

  // ModelService.

  /// One kept model. kNotFound for an unknown version, or when none is live.
  absl::StatusOr<v1::Model> GetModel(const v1::GetModelRequest& request, const CallOptions& options = {});

  /// One page of the kept models, newest first.
  absl::StatusOr<v1::ListModelsResponse> ListModels(const v1::ListModelsRequest& request,
                                                    const CallOptions& options = {});

  /// Queues a training and returns at once. kFailedPrecondition when there is nothing to train on or a warm
  /// start does not fit, kResourceExhausted when one is queued already. Not retried.
  absl::StatusOr<v1::Training> StartTraining(const v1::StartTrainingRequest& request,
                                             const CallOptions& options = {});

  /// One training as it stands. kNotFound when the server does not remember it.
  absl::StatusOr<v1::Training> GetTraining(const v1::GetTrainingRequest& request,
                                           const CallOptions& options = {});

  /// Hands `on_change` the training as it stands, then each change, in this thread, until its final state: OK
  /// then, also for a training that failed. kCancelled when `on_change` returned false to stop watching;
  /// kNotFound when the server does not remember the training.
  absl::Status WatchTraining(const v1::WatchTrainingRequest& request,
                             absl::FunctionRef<bool(const v1::Training&)> on_change,
                             const CallOptions& options = {});

  /// Asks a training to stop. kNotFound when the server does not remember it.
  absl::StatusOr<v1::Training> CancelTraining(const v1::CancelTrainingRequest& request,
                                              const CallOptions& options = {});

  /// Makes a kept model the live one. kNotFound for an unknown version, kDataLoss when its files are damaged.
  absl::StatusOr<v1::Model> ActivateModel(const v1::ActivateModelRequest& request,
                                          const CallOptions& options = {});

  /// Splits the users between the live model and a candidate. kNotFound for an unknown version,
  /// kFailedPrecondition when it is the live one, kDataLoss when its files are damaged.
  absl::StatusOr<v1::Experiment> SetExperiment(const v1::SetExperimentRequest& request,
                                               const CallOptions& options = {});

  /// The experiment that runs; kNotFound when none does.
  absl::StatusOr<v1::Experiment> GetExperiment(const v1::GetExperimentRequest& request,
                                               const CallOptions& options = {});

  /// Ends the experiment and returns it as it was; kNotFound when none runs. Not repeated after a failure
  /// that leaves open whether it was done.
  absl::StatusOr<v1::Experiment> EndExperiment(const v1::EndExperimentRequest& request,
                                               const CallOptions& options = {});

  /// What the server runs, serves and holds.
  absl::StatusOr<v1::ServerStatus> GetServerStatus(const v1::GetServerStatusRequest& request,
                                                   const CallOptions& options = {});

  // BackupService.

  /// Hands `on_message` the messages of a backup in order, in this thread; client/backup/backup_writer.h
  /// makes a folder of them. A status other than OK of `on_message` ends the call and is returned.
  /// kResourceExhausted while another backup is made.
  absl::Status CreateBackup(const v1::CreateBackupRequest& request,
                            absl::FunctionRef<absl::Status(const v1::CreateBackupResponse&)> on_message,
                            const CallOptions& options = {});

  // grpc.health.v1.Health.

  /// The health of the server (`service` empty) or of one service by its full name, as the protocol spells
  /// it, e.g. "SERVING" or "NOT_SERVING". kNotFound for an unknown service.
  absl::StatusOr<std::string> CheckHealth(absl::string_view service = "", const CallOptions& options = {});

 private:
  class Impl;

  explicit RecommenderClient(std::unique_ptr<Impl> impl);

  const std::unique_ptr<Impl> impl_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_RECOMMENDER_CLIENT_H_
