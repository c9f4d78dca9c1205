#include "server/grpc_server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/server_builder_option.h>
#include <grpcpp/impl/server_builder_plugin.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace ridgeline {
namespace {

// Only reflection runs on gRPC's own threads, one a stream: without a bound anybody could have thousands
// made.
constexpr int kMaxGrpcThreads = 32;

constexpr int kMaxStreamsPerConnection = 1'000;
constexpr int kMaxMetadataBytes = 16 << 10;

void LimitConnections(grpc::ServerBuilder* builder) {
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreamsPerConnection);
  builder->AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  // A peer that vanished without a word, such as one behind a dropped route, is noticed after some minutes.
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 120'000);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // A second server on the same port would silently take half of the connections.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

// Reflection answers before anybody could ask who calls. Its library adds it to every server of the process.
class WithoutReflection final : public grpc::ServerBuilderOption {
 public:
  void UpdateArguments(grpc::ChannelArguments* /*arguments*/) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    const auto is_reflection = [](const auto& plugin) { return plugin->name() == "proto_server_reflection"; };
    plugins->erase(std::remove_if(plugins->begin(), plugins->end(), is_reflection), plugins->end());
  }
};

// gRPC inflates a message before it looks at the size: some KiB would take gigabytes, before any key is
// looked at.
void RefuseCompression(grpc::ServerBuilder* builder) {
  builder->SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder->SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
}

}  // namespace

absl::StatusOr<ListeningGrpcServer> StartGrpcServer(
    const std::string& address, const std::vector<std::unique_ptr<grpc::Service>>& services,
    const GrpcSecurity& security) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  ListeningGrpcServer result;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(
      address, security.credentials != nullptr ? security.credentials : grpc::InsecureServerCredentials(),
      &result.port);
  if (security.unknown_methods != nullptr) {
    builder.SetOption(std::make_unique<WithoutReflection>());
    builder.RegisterCallbackGenericService(security.unknown_methods);
  }
  builder.SetMaxReceiveMessageSize(kMaxRequestBytes);
  RefuseCompression(&builder);
  builder.SetResourceQuota(grpc::ResourceQuota("ridgeline").SetMaxThreads(kMaxGrpcThreads));
  LimitConnections(&builder);
  for (const auto& service : services) builder.RegisterService(service.get());
  result.server = builder.BuildAndStart();
  if (result.server == nullptr || result.port == 0) {
    return absl::UnavailableError(absl::StrCat(
        "cannot listen on ", address, ": another program has the port, or this machine has no such address"));
  }
  return result;
}

}  // namespace ridgeline
