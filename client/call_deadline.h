#ifndef RIDGELINE_CLIENT_CALL_DEADLINE_H_
#define RIDGELINE_CLIENT_CALL_DEADLINE_H_

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/client_context.h"

namespace ridgeline {

/// Lets the call of `context` end with DEADLINE_EXCEEDED `remaining` from now; never, when it is infinite.
inline void SetDeadline(grpc::ClientContext& context, absl::Duration remaining) {
  context.set_deadline(absl::ToChronoTime(absl::Now() + remaining));
}

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CALL_DEADLINE_H_
