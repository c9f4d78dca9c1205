#include "server/unknown_methods.h"

#include "absl/time/time.h"
#include "server/access/audit_target.h"
#include "server/access/method_guard.h"
#include "server/rpc_status.h"

namespace ridgeline {
namespace {

// A call that is over when it begins.
class EndedCall final : public grpc::ServerGenericBidiReactor {
 public:
  explicit EndedCall(const grpc::Status& status) { Finish(status); }
  void OnDone() override { delete this; }
};

}  // namespace

grpc::ServerGenericBidiReactor* UnknownMethods::CreateReactor(grpc::GenericCallbackServerContext* context) {
  observer_.Begin();
  const AccessDecision decision = access_->Decide(nullptr, context->method(), AuthorizationOf(*context));
  // The name is the caller's to choose.
  const MethodGuard guard(access_, audit_, context->method().substr(0, kMaxAuditedText));
  guard.Audit(decision, *context, decision.status, grpc::ByteBuffer(), grpc::ByteBuffer());
  observer_.End(decision.status, absl::ZeroDuration());
  return new EndedCall(ToGrpcStatus(decision.status));
}

}  // namespace ridgeline
