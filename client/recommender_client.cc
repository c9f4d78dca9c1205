#include "client/recommender_client.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/call_deadline.h"
#include "client/status_conversion.h"
#include "client/utf8_fields.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "ridgeline/v1/catalog_service.grpc.pb.h"
#include "ridgeline/v1/interaction_service.grpc.pb.h"
#include "ridgeline/v1/model_service.grpc.pb.h"
#include "ridgeline/v1/recommendation_service.grpc.pb.h"

namespace ridgeline {
namespace {

namespace health = grpc::health::v1;

// Whether a call may be sent again when it is not known if the server acted on it.
enum class Repeat { kSafe, kUnsafe };

uint64_t SystemRandom() {
  std::random_device device;
  return (uint64_t{device()} << 32) | device();
}

RetryOptions WithSeed(RetryOptions options) {
  if (options.jitter_seed == 0) options.jitter_seed = SystemRandom();
  return options;
}

// gRPC's own reconnect pauses begin at a second and would make our retries fail without trying to connect.
int ReconnectMillis(absl::Duration pause) {
  const int64_t millis = absl::ToInt64Milliseconds(pause);
  return static_cast<int>(std::clamp<int64_t>(millis, 100, std::numeric_limits<int>::max()));
}

std::shared_ptr<grpc::Channel> OpenChannel(const RecommenderClientOptions& options) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);  // ours obey the rules of the class comment
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, ReconnectMillis(options.retry.initial_backoff));
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, ReconnectMillis(options.retry.max_backoff));
  arguments.SetMaxReceiveMessageSize(-1);  // the caller asked for as much
  return grpc::CreateCustomChannel(options.address, grpc::InsecureChannelCredentials(), arguments);
}

absl::Status ValidateOptions(const RecommenderClientOptions& options) {
  const absl::Duration zero = absl::ZeroDuration();
  if (options.address.empty()) return absl::InvalidArgumentError("address: must not be empty");
  if (options.timeout <= zero) return absl::InvalidArgumentError("timeout: must be above 0");
  if (options.stream_timeout <= zero) return absl::InvalidArgumentError("stream_timeout: must be above 0");
  if (options.retry.max_attempts < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("retry.max_attempts: must be at least 1, got ", options.retry.max_attempts));
  }
  if (options.retry.initial_backoff <= zero) {
    return absl::InvalidArgumentError("retry.initial_backoff: must be above 0");
  }
  if (options.retry.max_backoff < options.retry.initial_backoff) {
    return absl::InvalidArgumentError("retry.max_backoff: must be at least retry.initial_backoff");
  }
  return absl::OkStatus();
}

bool AllHaveEventIds(const v1::RecordInteractionsRequest& request) {
  return std::none_of(request.interactions().begin(), request.interactions().end(),
                      [](const v1::Interaction& interaction) { return interaction.event_id().empty(); });
}

}  // namespace

class RecommenderClient::Impl {
 public:
  explicit Impl(const RecommenderClientOptions& options)
      : options_(options),
        event_id_prefix_(absl::StrCat(absl::Hex(SystemRandom(), absl::kZeroPad16),
                                      absl::Hex(SystemRandom(), absl::kZeroPad16), "-")),
        retrier_(WithSeed(options.retry), options.clock != nullptr ? options.clock : &system_clock_),
        channel_(OpenChannel(options)) {}

  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(Stub& stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                const Request& request, const CallOptions& options,
                                Repeat repeat = Repeat::kSafe) {
    absl::Status status = ValidateUtf8Fields(request);
    if (!status.ok()) return status;
    Response response;
    status = retrier_.Run(options.timeout.value_or(options_.timeout), repeat == Repeat::kSafe,
                          [&](absl::Duration remaining) {
                            grpc::ClientContext context;
                            SetDeadline(context, remaining);
                            return FromGrpcStatus((stub.*method)(&context, request, &response));
                          });
    if (!status.ok()) return status;
    return response;
  }

  absl::Duration StreamTimeout(const CallOptions& options) const {
    return options.timeout.value_or(options_.stream_timeout);
  }

  void FillEventIds(v1::RecordInteractionsRequest& request) {
    if (!options_.fill_event_ids) return;
    for (v1::Interaction& interaction : *request.mutable_interactions()) {
      if (!interaction.event_id().empty()) continue;
      const uint64_t number = next_event_.fetch_add(1, std::memory_order_relaxed);
      interaction.set_event_id(absl::StrCat(event_id_prefix_, number));
    }
  }

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  v1::RecommendationService::Stub& recommendations() { return recommendations_; }
  v1::InteractionService::Stub& interactions() { return interactions_; }
  v1::CatalogService::Stub& catalog() { return catalog_; }
  v1::ModelService::Stub& models() { return models_; }
  health::Health::Stub& health() { return health_; }

 private:
  const RecommenderClientOptions options_;
  // 128 random bits, so that no two clients ever give out the same event id.
  const std::string event_id_prefix_;
  std::atomic<uint64_t> next_event_{0};
  SystemRetryClock system_clock_;
  Retrier retrier_;
  const std::shared_ptr<grpc::Channel> channel_;
  v1::RecommendationService::Stub recommendations_{channel_};
  v1::InteractionService::Stub interactions_{channel_};
  v1::CatalogService::Stub catalog_{channel_};
  v1::ModelService::Stub models_{channel_};
  health::Health::Stub health_{channel_};
};

absl::StatusOr<std::unique_ptr<RecommenderClient>> RecommenderClient::Create(
    const RecommenderClientOptions& options) {
  absl::Status valid = ValidateOptions(options);
  if (!valid.ok()) return valid;
  return std::unique_ptr<RecommenderClient>(new RecommenderClient(std::make_unique<Impl>(options)));
}

RecommenderClient::RecommenderClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

RecommenderClient::~RecommenderClient() = default;

absl::StatusOr<v1::RecommendResponse> RecommenderClient::Recommend(const v1::RecommendRequest& request,
                                                                   const CallOptions& options) {
  return impl_->Call(impl_->recommendations(), &v1::RecommendationService::Stub::Recommend, request, options);
}

absl::StatusOr<v1::BatchRecommendResponse> RecommenderClient::BatchRecommend(
    const v1::BatchRecommendRequest& request, const CallOptions& options) {
  return impl_->Call(impl_->recommendations(), &v1::RecommendationService::Stub::BatchRecommend, request,
                     options);
}

absl::StatusOr<v1::SimilarItemsResponse> RecommenderClient::SimilarItems(
    const v1::SimilarItemsRequest& request, const CallOptions& options) {
  return impl_->Call(impl_->recommendations(), &v1::RecommendationService::Stub::SimilarItems, request,
                     options);
}

absl::StatusOr<v1::SimilarUsersResponse> RecommenderClient::SimilarUsers(
    const v1::SimilarUsersRequest& request, const CallOptions& options) {
  return impl_->Call(impl_->recommendations(), &v1::RecommendationService::Stub::SimilarUsers, request,
                     options);
}

absl::StatusOr<v1::ScoreItemsResponse> RecommenderClient::ScoreItems(const v1::ScoreItemsRequest& request,
                                                                     const CallOptions& options) {
  return impl_->Call(impl_->recommendations(), &v1::RecommendationService::Stub::ScoreItems, request,
                     options);
}

absl::StatusOr<v1::ExplainResponse> RecommenderClient::Explain(const v1::ExplainRequest& request,
                                                               const CallOptions& options) {
  return impl_->Call(impl_->recommendations(), &v1::RecommendationService::Stub::Explain, request, options);
}

absl::StatusOr<v1::ListInteractionsResponse> RecommenderClient::ListInteractions(
    const v1::ListInteractionsRequest& request, const CallOptions& options) {
  return impl_->Call(impl_->interactions(), &v1::InteractionService::Stub::ListInteractions, request,
                     options);
}

absl::StatusOr<v1::DeleteUserResponse> RecommenderClient::DeleteUser(const v1::DeleteUserRequest& request,
                                                                     const CallOptions& options) {
  return impl_->Call(impl_->interactions(), &v1::InteractionService::Stub::DeleteUser, request, options);
}

absl::StatusOr<v1::UpsertItemsResponse> RecommenderClient::UpsertItems(const v1::UpsertItemsRequest& request,
                                                                       const CallOptions& options) {
  return impl_->Call(impl_->catalog(), &v1::CatalogService::Stub::UpsertItems, request, options);
}

absl::StatusOr<v1::Item> RecommenderClient::GetItem(const v1::GetItemRequest& request,
                                                    const CallOptions& options) {
  return impl_->Call(impl_->catalog(), &v1::CatalogService::Stub::GetItem, request, options);
}

absl::StatusOr<v1::ListItemsResponse> RecommenderClient::ListItems(const v1::ListItemsRequest& request,
                                                                   const CallOptions& options) {
  return impl_->Call(impl_->catalog(), &v1::CatalogService::Stub::ListItems, request, options);
}

absl::StatusOr<v1::DeleteItemResponse> RecommenderClient::DeleteItem(const v1::DeleteItemRequest& request,
                                                                     const CallOptions& options) {
  return impl_->Call(impl_->catalog(), &v1::CatalogService::Stub::DeleteItem, request, options,
                     Repeat::kUnsafe);
}

absl::StatusOr<v1::Model> RecommenderClient::GetModel(const v1::GetModelRequest& request,
                                                      const CallOptions& options) {
  return impl_->Call(impl_->models(), &v1::ModelService::Stub::GetModel, request, options);
}

absl::StatusOr<v1::ListModelsResponse> RecommenderClient::ListModels(const v1::ListModelsRequest& request,
                                                                     const CallOptions& options) {
  return impl_->Call(impl_->models(), &v1::ModelService::Stub::ListModels, request, options);
}

absl::StatusOr<v1::Training> RecommenderClient::StartTraining(const v1::StartTrainingRequest& request,
                                                              const CallOptions& options) {
  return impl_->Call(impl_->models(), &v1::ModelService::Stub::StartTraining, request, options,
                     Repeat::kUnsafe);
}

absl::StatusOr<v1::Training> RecommenderClient::GetTraining(const v1::GetTrainingRequest& request,
                                                            const CallOptions& options) {
  return impl_->Call(impl_->models(), &v1::ModelService::Stub::GetTraining, request, options);
}

absl::StatusOr<v1::Training> RecommenderClient::CancelTraining(const v1::CancelTrainingRequest& request,
                                                               const CallOptions& options) {
  return impl_->Call(impl_->models(), &v1::ModelService::Stub::CancelTraining, request, options);
}

absl::StatusOr<v1::Model> RecommenderClient::ActivateModel(const v1::ActivateModelRequest& request,
                                                           const CallOptions& options) {
  return impl_->Call(impl_->models(), &v1::ModelService::Stub::ActivateModel, request, options);
}

absl::StatusOr<v1::Experiment> RecommenderClient::SetExperiment(const v1::SetExperimentRequest& request,
                                                                const CallOptions& options) {
  return impl_->Call(impl_->models(), &v1::ModelService::Stub::SetExperiment, request, options);
}

absl::StatusOr<v1::Experiment> RecommenderClient::GetExperiment(const v1::GetExperimentRequest& request,
                                                                const CallOptions& options) {
  return impl_->Call(impl_->models(), &v1::ModelService::Stub::GetExperiment, request, options);
}

absl::StatusOr<v1::Experiment> RecommenderClient::EndExperiment(const v1::EndExperimentRequest& request,
                                                                const CallOptions& options) {
  return impl_->Call(impl_->models(), &v1::ModelService::Stub::EndExperiment, request, options,
                     Repeat::kUnsafe);
}

absl::StatusOr<v1::ServerStatus> RecommenderClient::GetServerStatus(const v1::GetServerStatusRequest& request,
                                                                    const CallOptions& options) {
  return impl_->Call(impl_->models(), &v1::ModelService::Stub::GetServerStatus, request, options);
}

absl::StatusOr<v1::RecordInteractionsResponse> RecommenderClient::RecordInteractions(
    v1::RecordInteractionsRequest request, const CallOptions& options) {
  impl_->FillEventIds(request);
  return impl_->Call(impl_->interactions(), &v1::InteractionService::Stub::RecordInteractions, request,
                     options, AllHaveEventIds(request) ? Repeat::kSafe : Repeat::kUnsafe);
}

std::unique_ptr<ImportWriter> RecommenderClient::ImportInteractions(const CallOptions& options) {
  return std::make_unique<ImportWriter>(impl_->channel(), impl_->StreamTimeout(options));
}

absl::Status RecommenderClient::WatchTraining(const v1::WatchTrainingRequest& request,
                                              absl::FunctionRef<bool(const v1::Training&)> on_change,
                                              const CallOptions& options) {
  absl::Status valid = ValidateUtf8Fields(request);
  if (!valid.ok()) return valid;
  grpc::ClientContext context;
  SetDeadline(context, impl_->StreamTimeout(options));
  const std::unique_ptr<grpc::ClientReader<v1::Training>> reader =
      impl_->models().WatchTraining(&context, request);
  bool wanted = true;
  for (v1::Training training; wanted && reader->Read(&training);) wanted = on_change(training);
  if (!wanted) context.TryCancel();
  const absl::Status status = FromGrpcStatus(reader->Finish());
  return wanted ? status : absl::CancelledError("no longer watched");
}

absl::StatusOr<std::string> RecommenderClient::CheckHealth(absl::string_view service,
                                                           const CallOptions& options) {
  health::HealthCheckRequest request;
  request.set_service(std::string(service));
  const absl::StatusOr<health::HealthCheckResponse> response =
      impl_->Call(impl_->health(), &health::Health::Stub::Check, request, options);
  if (!response.ok()) return response.status();
  return health::HealthCheckResponse::ServingStatus_Name(response->status());
}

}  // namespace ridgeline
