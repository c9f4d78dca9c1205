#ifndef RIDGELINE_SERVER_UNKNOWN_METHODS_H_
#define RIDGELINE_SERVER_UNKNOWN_METHODS_H_

#include <grpcpp/generic/async_generic_service.h>

#include "server/access/access_control.h"
#include "server/rpc_observer.h"

namespace ridgeline {

/// Denies calls of methods that no service has, reflection among them, which is switched off then. Counted as
/// method "unknown". Thread-safe.
class UnknownMethods final : public grpc::CallbackGenericService {
 public:
  /// `environment.access` must not be null.
  explicit UnknownMethods(const RpcEnvironment& environment)
      : access_(environment.access), audit_(environment.audit), observer_(environment, "unknown") {}

  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override;

 private:
  const AccessControl* const access_;
  AuditLog* const audit_;
  RpcObserver observer_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_UNKNOWN_METHODS_H_
