#ifndef RIDGELINE_SERVER_RPC_METHOD_H_
#define RIDGELINE_SERVER_RPC_METHOD_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/call_info.h"
#include "server/queue/work_pool.h"
#include "server/rpc_codec.h"
#include "server/rpc_observer.h"
#include "server/unary_call.h"

namespace ridgeline {

/// Answers the bytes of a request with those of a response.
using RpcHandler = std::function<absl::Status(const grpc::ByteBuffer& request, const CallInfo& call,
                                              grpc::ByteBuffer* response)>;

/// Makes a handler from a service's method. `service` must outlive it.
template <class Service, class Request, class Response>
RpcHandler MakeHandler(Service* service,
                       absl::StatusOr<Response> (Service::*method)(const Request&, const CallInfo&)) {
  return [service, method](const grpc::ByteBuffer& bytes, const CallInfo& call, grpc::ByteBuffer* answer) {
    Request request;
    absl::Status status = ParseMessage(bytes, &request);
    if (!status.ok()) return status;
    const absl::StatusOr<Response> response = (service->*method)(request, call);
    if (!response.ok()) return response.status();
    return SerializeMessage(*response, answer);
  };
}

/// One unary method as gRPC calls it: gRPC's thread hands each call to a pool at once and never works or
/// waits; the pool's thread parses, answers and finishes. A call that nobody waits for any more is not worked
/// on. Thread-safe; must outlive its calls.
class UnaryMethod {
 public:
  /// `pool` must outlive the method. `name` is the method's in the schema, e.g. "Recommend".
  UnaryMethod(const RpcEnvironment& environment, absl::string_view name, WorkPool* pool, RpcHandler handler)
      : observer_(environment, name), pool_(pool), handler_(std::move(handler)) {}

  /// Starts a call; the reactor owns itself. The pointers are gRPC's and valid until the call is done.
  grpc::ServerUnaryReactor* Start(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                  grpc::ByteBuffer* response);

 private:
  absl::Status Answer(UnaryCall* call);

  RpcObserver observer_;
  WorkPool* const pool_;
  const RpcHandler handler_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_RPC_METHOD_H_
