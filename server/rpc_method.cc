#include "server/rpc_method.h"

#include "core/base/status_macros.h"

namespace ridgeline {

grpc::ServerUnaryReactor* UnaryMethod::Start(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request, grpc::ByteBuffer* response) {
  auto* call = new UnaryCall(&observer_, context, request, response);
  const absl::Status admitted = call->Admit();
  if (!admitted.ok()) {
    call->Refuse(admitted);
  } else if (!pool_->TrySubmit([this, call] { call->End(Answer(call)); }, request->Length())) {
    call->End(QueueFull());
  }
  return call;
}

absl::Status UnaryMethod::Answer(UnaryCall* call) {
  RIDGELINE_RETURN_IF_ERROR(call->TakeUp());
  return handler_(call->request(), call->info(), call->response());
}

}  // namespace ridgeline
