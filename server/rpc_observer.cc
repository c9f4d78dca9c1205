#include "server/rpc_observer.h"

#include "absl/types/optional.h"
#include "server/access/client_limiter.h"

namespace ridgeline {

void RpcObserver::Dequeued(const absl::Status& alive, absl::Duration queue_time) {
  environment_.metrics->ObserveQueueing(queue_time);
  if (!alive.ok()) environment_.metrics->CountDropped(alive.code());
}

void RpcObserver::End(const absl::Status& status, absl::Duration duration) {
  environment_.metrics->CallEnds();
  const absl::optional<std::string> limited = LimitedClient(status);
  if (limited.has_value()) return environment_.metrics->CountLimited(*limited);
  metrics_.Record(status.code(), duration);
  if (absl::IsInternal(status) || absl::IsDataLoss(status) || absl::IsUnknown(status)) {
    environment_.logger->Error("call failed", {{"method", method_},
                                               {"code", absl::StatusCodeToString(status.code())},
                                               {"message", status.message()}});
  }
}

}  // namespace ridgeline
