#include "client/cli/bench/grpc_bench_caller.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/api_key.h"
#include "client/call_deadline.h"
#include "client/status_conversion.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/async_unary_call.h"

namespace ridgeline {
namespace {

// Not the calls' own, which may be too short to connect.
constexpr absl::Duration kConnectTimeout = absl::Seconds(5);

std::shared_ptr<grpc::Channel> OpenChannel(const std::string& address,
                                           const GrpcBenchCallerOptions& options) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);  // every failure is to be seen
  // Channels of one address would share one connection.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(address, MakeChannelCredentials(options.tls), arguments);
}

absl::Status AwaitConnection(grpc::Channel& channel, absl::Time deadline) {
  for (;;) {
    const grpc_connectivity_state state = channel.GetState(/*try_to_connect=*/true);
    if (state == GRPC_CHANNEL_READY) return absl::OkStatus();
    if (state == GRPC_CHANNEL_TRANSIENT_FAILURE) return absl::UnavailableError("it cannot be connected to");
    if (!channel.WaitForStateChange(state, absl::ToChronoTime(deadline))) {
      return absl::UnavailableError(
          absl::StrCat("no connection within ", absl::FormatDuration(kConnectTimeout)));
    }
  }
}

}  // namespace

// A call under way.
struct GrpcBenchCaller::Pending {
  BenchCall call;
  grpc::ClientContext context;
  grpc::ByteBuffer response;
  grpc::Status status;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
};

GrpcBenchCaller::GrpcBenchCaller(const GrpcBenchCallerOptions& options, std::vector<std::string> methods,
                                 const BenchClock* clock)
    : options_(options), methods_(std::move(methods)), clock_(clock) {
  for (int i = 0; i < options.channels; ++i) {
    for (const std::string& address : options.addresses) {
      std::shared_ptr<grpc::Channel> channel = OpenChannel(address, options);
      connections_.push_back({channel, grpc::GenericStub(channel)});
    }
  }
}

GrpcBenchCaller::~GrpcBenchCaller() {
  Close();
  while (Receive().has_value()) {
  }
}

absl::Status GrpcBenchCaller::Connect() {
  const absl::Time deadline = absl::Now() + kConnectTimeout;
  for (const Connection& connection : connections_) {
    absl::Status status = AwaitConnection(*connection.channel, deadline);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

void GrpcBenchCaller::Start(const BenchCall& call, const grpc::ByteBuffer& request) {
  Connection& connection = connections_[next_connection_];
  next_connection_ = (next_connection_ + 1) % connections_.size();
  auto* pending = new Pending;  // Receive deletes it
  pending->call = call;
  SetDeadline(pending->context, options_.timeout);
  SetApiKey(pending->context, options_.api_key);
  pending->reader = connection.stub.PrepareUnaryCall(&pending->context, methods_[call.rpc], request, &queue_);
  pending->reader->StartCall();
  pending->reader->Finish(&pending->response, &pending->status, pending);
}

absl::optional<BenchEnd> GrpcBenchCaller::Receive() {
  void* tag = nullptr;
  bool ok = false;
  if (!queue_.Next(&tag, &ok)) return absl::nullopt;
  const std::unique_ptr<Pending> pending(static_cast<Pending*>(tag));
  BenchEnd end{pending->call, clock_->Now()};
  if (pending->status.ok()) return end;
  const absl::Status status = FromGrpcStatus(pending->status);
  end.code = status.code();
  end.message = std::string(status.message());
  return end;
}

void GrpcBenchCaller::Close() {
  if (!closed_) queue_.Shutdown();
  closed_ = true;
}

}  // namespace ridgeline
