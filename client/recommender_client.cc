#include "client/recommender_client.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/address_list.h"
#include "client/api_key.h"
#include "client/call_deadline.h"
#include "client/server_connection.h"
#include "client/server_list.h"
#include "client/status_conversion.h"
#include "client/utf8_fields.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"

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

// Beside others, a server that does not even answer a connection is given up before the usual timeout of a
// call, and one that is back is found before the next one goes.
constexpr int kConnectMillis = 2'000;
constexpr int kReconnectMillis = 100;

grpc::ChannelArguments ArgumentsOf(const RetryOptions& retry, bool several) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);  // ours obey the rules of the class comment
  const int first_pause = several ? kReconnectMillis : ReconnectMillis(retry.initial_backoff);
  const int longest_pause = several ? kReconnectMillis : ReconnectMillis(retry.max_backoff);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, first_pause);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, longest_pause);
  if (several) arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectMillis);  // in truth a timeout
  arguments.SetMaxReceiveMessageSize(-1);  // the caller asked for as much
  return arguments;
}

std::vector<std::unique_ptr<ServerConnection>> OpenConnections(const std::vector<std::string>& addresses,
                                                               const RecommenderClientOptions& options) {
  const std::shared_ptr<grpc::ChannelCredentials> credentials = MakeChannelCredentials(options.tls);
  const grpc::ChannelArguments arguments = ArgumentsOf(options.retry, addresses.size() > 1);
  std::vector<std::unique_ptr<ServerConnection>> servers;
  servers.reserve(addresses.size());
  for (const std::string& address : addresses) {
    servers.push_back(
        std::make_unique<ServerConnection>(grpc::CreateCustomChannel(address, credentials, arguments)));
  }
  return servers;
}

absl::Status ValidateOptions(const RecommenderClientOptions& options) {
  const absl::Duration zero = absl::ZeroDuration();
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
  absl::Status tls = ValidateTls(options.tls);
  return tls.ok() ? ValidateApiKey(options.api_key) : tls;
}

// How a call ended that we did not cancel. If it was cancelled it arrived while the server was going, too
// late for it to answer and too early for us to know.
absl::Status FromServer(const grpc::Status& answer) {
  absl::Status status = FromGrpcStatus(answer);
  if (!absl::IsCancelled(status)) return status;
  return absl::UnavailableError(
      absl::StrCat("the server ended the call, as one that shuts down does: ", status.message()));
}

bool AllHaveEventIds(const v1::RecordInteractionsRequest& request) {
  return std::none_of(request.interactions().begin(), request.interactions().end(),
                      [](const v1::Interaction& interaction) { return interaction.event_id().empty(); });
}

}  // namespace

class RecommenderClient::Impl {
 public:
  Impl(const std::vector<std::string>& addresses, const RecommenderClientOptions& options)
      : options_(options),
        event_id_prefix_(absl::StrCat(absl::Hex(SystemRandom(), absl::kZeroPad16),
                                      absl::Hex(SystemRandom(), absl::kZeroPad16), "-")),
        retrier_(WithSeed(options.retry), options.clock != nullptr ? options.clock : &system_clock_),
        servers_(OpenConnections(addresses, options)) {}

  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                const Request& request, const CallOptions& options,
                                Repeat repeat = Repeat::kSafe) {
    absl::Status status = ValidateUtf8Fields(request);
    if (!status.ok()) return status;
    Response response;
    const auto ask = [&](ServerConnection& server, absl::Duration remaining) {
      grpc::ClientContext context;
      SetDeadline(context, remaining);
      SetApiKey(context, options_.api_key);
      return FromServer((server.stub<Stub>().*method)(&context, request, &response));
    };
    const bool repeatable = repeat == Repeat::kSafe;
    status = retrier_.Run(options.timeout.value_or(options_.timeout), repeatable,
                          [&](absl::Duration remaining) { return AskInTurn(remaining, repeatable, ask); });
    if (!status.ok()) return status;
    return response;
  }

  // The server for a stream, which cannot change to another.
  ServerConnection& ServerForStream(absl::Duration timeout) {
    return *servers_.InOrder(absl::Now() + timeout).front();
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

  const std::string& api_key() const { return options_.api_key; }

 private:
  // One attempt: the first server that can be reached or, while a call is `repeatable`, the next one at once
  // when that one cannot be reached after all. One that answers that it cannot do it, as with a full disk, is
  // not left: the next one would say that it is done, and know nothing of the first one's data.
  absl::Status AskInTurn(absl::Duration remaining, bool repeatable,
                         absl::FunctionRef<absl::Status(ServerConnection&, absl::Duration)> ask) {
    const absl::Time deadline = absl::Now() + remaining;
    absl::Status status;
    for (ServerConnection* server : servers_.InOrder(deadline)) {
      status = ask(*server, deadline - absl::Now());
      if (!repeatable || !absl::IsUnavailable(status) || IsAnswerOfServer(status)) break;
    }
    return status;
  }

  const RecommenderClientOptions options_;
  // 128 random bits, so that no two clients ever give out the same event id.
  const std::string event_id_prefix_;
  std::atomic<uint64_t> next_event_{0};
  SystemRetryClock system_clock_;
  Retrier retrier_;
  const ServerList servers_;
};

absl::StatusOr<std::unique_ptr<RecommenderClient>> RecommenderClient::Create(
    const RecommenderClientOptions& options) {
  const absl::StatusOr<std::vector<std::string>> addresses = ParseAddressList(options.address);
  if (!addresses.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("address: ", addresses.status().message()));
  }
  absl::Status valid = ValidateOptions(options);
  if (!valid.ok()) return valid;
  return std::unique_ptr<RecommenderClient>(
      new RecommenderClient(std::make_unique<Impl>(*addresses, options)));
}

RecommenderClient::RecommenderClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

RecommenderClient::~RecommenderClient() = default;

absl::StatusOr<v1::RecommendResponse> RecommenderClient::Recommend(const v1::RecommendRequest& request,
                                                                   const CallOptions& options) {
  return impl_->Call(&v1::RecommendationService::Stub::Recommend, request, options);
}

absl::StatusOr<v1::BatchRecommendResponse> RecommenderClient::BatchRecommend(
    const v1::BatchRecommendRequest& request, const CallOptions& options) {
  return impl_->Call(&v1::RecommendationService::Stub::BatchRecommend, request, options);
}

absl::StatusOr<v1::SimilarItemsResponse> RecommenderClient::SimilarItems(
    const v1::SimilarItemsRequest& request, const CallOptions& options) {
  return impl_->Call(&v1::RecommendationService::Stub::SimilarItems, request, options);
}

absl::StatusOr<v1::SimilarUsersResponse> RecommenderClient::SimilarUsers(
    const v1::SimilarUsersRequest& request, const CallOptions& options) {
  return impl_->Call(&v1::RecommendationService::Stub::SimilarUsers, request, options);
}

absl::StatusOr<v1::ScoreItemsResponse> RecommenderClient::ScoreItems(const v1::ScoreItemsRequest& request,
                                                                     const CallOptions& options) {
  return impl_->Call(&v1::RecommendationService::Stub::ScoreItems, request, options);
}

absl::StatusOr<v1::ExplainResponse> RecommenderClient::Explain(const v1::ExplainRequest& request,
                                                               const CallOptions& options) {
  return impl_->Call(&v1::RecommendationService::Stub::Explain, request, options);
}

absl::StatusOr<v1::ListInteractionsResponse> RecommenderClient::ListInteractions(
    const v1::ListInteractionsRequest& request, const CallOptions& options) {
  return impl_->Call(&v1::InteractionService::Stub::ListInteractions, request, options);
}

absl::StatusOr<v1::DeleteUserResponse> RecommenderClient::DeleteUser(const v1::DeleteUserRequest& request,
                                                                     const CallOptions& options) {
  return impl_->Call(&v1::InteractionService::Stub::DeleteUser, request, options);
}

absl::StatusOr<v1::UpsertItemsResponse> RecommenderClient::UpsertItems(const v1::UpsertItemsRequest& request,
                                                                       const CallOptions& options) {
  return impl_->Call(&v1::CatalogService::Stub::UpsertItems, request, options);
}

absl::StatusOr<v1::Item> RecommenderClient::GetItem(const v1::GetItemRequest& request,
                                                    const CallOptions& options) {
  return impl_->Call(&v1::CatalogService::Stub::GetItem, request, options);
}

absl::StatusOr<v1::ListItemsResponse> RecommenderClient::ListItems(const v1::ListItemsRequest& request,
                                                                   const CallOptions& options) {
  return impl_->Call(&v1::CatalogService::Stub::ListItems, request, options);
}

absl::StatusOr<v1::DeleteItemResponse> RecommenderClient::DeleteItem(const v1::DeleteItemRequest& request,
                                                                     const CallOptions& options) {
  return impl_->Call(&v1::CatalogService::Stub::DeleteItem, request, options, Repeat::kUnsafe);
}

absl::StatusOr<v1::Model> RecommenderClient::GetModel(const v1::GetModelRequest& request,
                                                      const CallOptions& options) {
  return impl_->Call(&v1::ModelService::Stub::GetModel, request, options);
}

absl::StatusOr<v1::ListModelsResponse> RecommenderClient::ListModels(const v1::ListModelsRequest& request,
                                                                     const CallOptions& options) {
  return impl_->Call(&v1::ModelService::Stub::ListModels, request, options);
}

absl::StatusOr<v1::Training> RecommenderClient::StartTraining(const v1::StartTrainingRequest& request,
                                                              const CallOptions& options) {
  return impl_->Call(&v1::ModelService::Stub::StartTraining, request, options, Repeat::kUnsafe);
}

absl::StatusOr<v1::Training> RecommenderClient::GetTraining(const v1::GetTrainingRequest& request,
                                                            const CallOptions& options) {
  return impl_->Call(&v1::ModelService::Stub::GetTraining, request, options);
}

absl::StatusOr<v1::Training> RecommenderClient::CancelTraining(const v1::CancelTrainingRequest& request,
                                                               const CallOptions& options) {
  return impl_->Call(&v1::ModelService::Stub::CancelTraining, request, options);
}

absl::StatusOr<v1::Model> RecommenderClient::ActivateModel(const v1::ActivateModelRequest& request,
                                                           const CallOptions& options) {
  return impl_->Call(&v1::ModelService::Stub::ActivateModel, request, options);
}

absl::StatusOr<v1::Experiment> RecommenderClient::SetExperiment(const v1::SetExperimentRequest& request,
                                                                const CallOptions& options) {
  return impl_->Call(&v1::ModelService::Stub::SetExperiment, request, options);
}

absl::StatusOr<v1::Experiment> RecommenderClient::GetExperiment(const v1::GetExperimentRequest& request,
                                                                const CallOptions& options) {
  return impl_->Call(&v1::ModelService::Stub::GetExperiment, request, options);
}

absl::StatusOr<v1::Experiment> RecommenderClient::EndExperiment(const v1::EndExperimentRequest& request,
                                                                const CallOptions& options) {
  return impl_->Call(&v1::ModelService::Stub::EndExperiment, request, options, Repeat::kUnsafe);
}

absl::StatusOr<v1::ServerStatus> RecommenderClient::GetServerStatus(const v1::GetServerStatusRequest& request,
                                                                    const CallOptions& options) {
  return impl_->Call(&v1::ModelService::Stub::GetServerStatus, request, options);
}

absl::StatusOr<v1::RecordInteractionsResponse> RecommenderClient::RecordInteractions(
    v1::RecordInteractionsRequest request, const CallOptions& options) {
  impl_->FillEventIds(request);
  return impl_->Call(&v1::InteractionService::Stub::RecordInteractions, request, options,
                     AllHaveEventIds(request) ? Repeat::kSafe : Repeat::kUnsafe);
}

std::unique_ptr<ImportWriter> RecommenderClient::ImportInteractions(const CallOptions& options) {
  const absl::Duration timeout = impl_->StreamTimeout(options);
  return std::make_unique<ImportWriter>(impl_->ServerForStream(timeout).channel(), timeout, impl_->api_key());
}

absl::Status RecommenderClient::WatchTraining(const v1::WatchTrainingRequest& request,
                                              absl::FunctionRef<bool(const v1::Training&)> on_change,
                                              const CallOptions& options) {
  absl::Status valid = ValidateUtf8Fields(request);
  if (!valid.ok()) return valid;
  grpc::ClientContext context;
  const absl::Duration timeout = impl_->StreamTimeout(options);
  SetDeadline(context, timeout);
  SetApiKey(context, impl_->api_key());
  const std::unique_ptr<grpc::ClientReader<v1::Training>> reader =
      impl_->ServerForStream(timeout).stub<v1::ModelService::Stub>().WatchTraining(&context, request);
  bool wanted = true;
  for (v1::Training training; wanted && reader->Read(&training);) wanted = on_change(training);
  if (!wanted) context.TryCancel();
  const absl::Status status = FromServer(reader->Finish());
  return wanted ? status : absl::CancelledError("no longer watched");
}

absl::Status RecommenderClient::CreateBackup(
    const v1::CreateBackupRequest& request,
    absl::FunctionRef<absl::Status(const v1::CreateBackupResponse&)> on_message, const CallOptions& options) {
  grpc::ClientContext context;
  const absl::Duration timeout = impl_->StreamTimeout(options);
  SetDeadline(context, timeout);
  SetApiKey(context, impl_->api_key());
  const std::unique_ptr<grpc::ClientReader<v1::CreateBackupResponse>> reader =
      impl_->ServerForStream(timeout).stub<v1::BackupService::Stub>().CreateBackup(&context, request);
  absl::Status taken;
  for (v1::CreateBackupResponse message; taken.ok() && reader->Read(&message);) taken = on_message(message);
  if (!taken.ok()) context.TryCancel();
  const absl::Status status = FromServer(reader->Finish());
  return taken.ok() ? status : taken;
}

absl::StatusOr<std::string> RecommenderClient::CheckHealth(absl::string_view service,
                                                           const CallOptions& options) {
  health::HealthCheckRequest request;
  request.set_service(std::string(service));
  const absl::StatusOr<health::HealthCheckResponse> response =
      impl_->Call(&health::Health::Stub::Check, request, options);
  if (!response.ok()) return response.status();
  return health::HealthCheckResponse::ServingStatus_Name(response->status());
}

}  // namespace ridgeline
