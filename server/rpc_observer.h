#ifndef RIDGELINE_SERVER_RPC_OBSERVER_H_
#define RIDGELINE_SERVER_RPC_OBSERVER_H_

#include <grpcpp/server_context.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "server/access/access_control.h"
#include "server/access/method_guard.h"
#include "server/logger.h"
#include "server/metrics.h"

namespace ridgeline {

/// What all methods share. The pointers must outlive every call.
struct RpcEnvironment {
  Metrics* metrics = nullptr;
  Logger* logger = nullptr;
  const Clock* clock = nullptr;
  const AccessControl* access = nullptr;  ///< null: open to everybody
  AuditLog* audit = nullptr;              ///< null: nothing is audited
  std::string service = {};               ///< full name of the service that the methods are of
};

/// Admits, counts and logs the calls of one method. Thread-safe.
class RpcObserver {
 public:
  RpcObserver(const RpcEnvironment& environment, absl::string_view method)
      : environment_(environment),
        method_(method),
        guard_(environment.access, environment.audit, absl::StrCat("/", environment.service, "/", method)),
        metrics_(environment.metrics->Method(method)) {}

  /// Who may call, and what is written down of it.
  const MethodGuard& guard() const { return guard_; }

  void Begin() { environment_.metrics->CallBegins(); }

  /// A thread takes a call up, which waited for it and is `alive` or not worked on any more.
  void Dequeued(const absl::Status& alive, absl::Duration queue_time);

  /// Adds calls that are answered together.
  void Batched(size_t calls) { environment_.metrics->ObserveBatch(calls); }

  /// Adds an ended call; what the operator must look into is logged. One refused at a limit of its client,
  /// see LimitedClient, is counted as that alone: what a client asks for beyond its allowance tells nothing
  /// of how the server does, nor does the moment for which it is kept waiting.
  void End(const absl::Status& status, absl::Duration duration);

  const Clock* clock() const { return environment_.clock; }

 private:
  const RpcEnvironment environment_;
  const std::string method_;
  const MethodGuard guard_;
  MethodMetrics metrics_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_RPC_OBSERVER_H_
