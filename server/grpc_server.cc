#include "server/grpc_server.h"

#include <grpc/grpc.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/server_builder_option.h>
#include <grpcpp/impl/server_builder_plugin.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/server_interceptor.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "core/base/clock.h"

namespace ridgeline {
namespace {

// Only reflection runs on gRPC's own threads, one a stream: without a bound anybody could have thousands
// made.
constexpr int kMaxGrpcThreads = 32;

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

// Under way as long as it lives, which is as long as gRPC keeps the call.
class CountedCall final : public grpc::experimental::Interceptor {
 public:
  explicit CountedCall(CallsUnderWay* calls) : calls_(calls) { calls_->Begin(); }
  ~CountedCall() override { calls_->End(); }

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override { methods->Proceed(); }

 private:
  CallsUnderWay* const calls_;
};

// A watch of health, which a load balancer may keep open for ever, is nothing to wait for.
class CallCounter final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit CallCounter(std::shared_ptr<CallsUnderWay> calls) : calls_(std::move(calls)) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override {
    return absl::StartsWith(info->method(), "/grpc.") ? nullptr : new CountedCall(calls_.get());
  }

 private:
  const std::shared_ptr<CallsUnderWay> calls_;
};

void CountCalls(const std::shared_ptr<CallsUnderWay>& calls, grpc::ServerBuilder* builder) {
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> creators;
  creators.push_back(std::make_unique<CallCounter>(calls));
  builder->experimental().SetInterceptorCreators(std::move(creators));
}

}  // namespace

void CallsUnderWay::Begin() {
  MutexLock lock(&mutex_);
  ++under_way_;
  ++changes_;
}

void CallsUnderWay::End() {
  MutexLock lock(&mutex_);
  ++changes_;
  if (--under_way_ == 0) changed_.SignalAll();
}

void CallsUnderWay::AwaitRest(absl::Duration rest, absl::Duration timeout) {
  absl::Duration now = SteadyNow();
  absl::Duration resting_since = now;
  const absl::Duration give_up = now + timeout;
  MutexLock lock(&mutex_);
  for (int64_t seen = changes_; !stopped_ && now < give_up; now = SteadyNow()) {
    if (changes_ != seen) resting_since = now;
    seen = changes_;
    if (under_way_ == 0 && now >= resting_since + rest) return;
    const absl::Duration until = under_way_ > 0 ? give_up : std::min(give_up, resting_since + rest);
    changed_.WaitWithTimeout(&mutex_, until - now);
  }
}

void CallsUnderWay::Stop() {
  MutexLock lock(&mutex_);
  stopped_ = true;
  changed_.SignalAll();
}

absl::StatusOr<ListeningGrpcServer> StartGrpcServer(
    const std::string& address, const std::vector<std::unique_ptr<grpc::Service>>& services,
    const GrpcSecurity& security) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  ListeningGrpcServer result;
  result.calls = std::make_shared<CallsUnderWay>();
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
  builder.SetResourceQuota(
      grpc::ResourceQuota("ridgeline").Resize(kMaxRequestMemory).SetMaxThreads(kMaxGrpcThreads));
  LimitConnections(&builder);
  CountCalls(result.calls, &builder);
  for (const auto& service : services) builder.RegisterService(service.get());
  result.server = builder.BuildAndStart();
  if (result.server == nullptr || result.port == 0) {
    return absl::UnavailableError(absl::StrCat(
        "cannot listen on ", address, ": another program has the port, or this machine has no such address"));
  }
  return result;
}

void DrainGrpcServer(const ListeningGrpcServer& listening, absl::Duration timeout, absl::Duration rest) {
  // By itself gRPC would wait for silent clients as long as for calls that are being answered.
  std::thread shutdown([&listening, timeout] {
    listening.server->Shutdown(absl::ToChronoTime(absl::Now() + timeout));
    listening.calls->Stop();
  });
  listening.calls->AwaitRest(rest, timeout);
  grpc_server_cancel_all_calls(listening.server->c_server());
  shutdown.join();
  listening.server->Wait();
}

}  // namespace ridgeline
