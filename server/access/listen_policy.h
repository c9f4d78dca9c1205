#ifndef RIDGELINE_SERVER_ACCESS_LISTEN_POLICY_H_
#define RIDGELINE_SERVER_ACCESS_LISTEN_POLICY_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace ridgeline {

/// How the server wants to listen.
struct ListenPolicy {
  std::string grpc_address;
  std::string http_address;
  bool has_api_keys = false;
  bool has_tls = false;
  bool insecure_listen = false;  ///< the operator knows better: everything is allowed
};

/// Whether only this machine reaches `address`: 127.0.0.0/8, ::1, localhost, or a Unix socket. A name other
/// than localhost is taken for one that others reach.
bool IsLoopback(absl::string_view address);

/// Keeps a server from being open to a network by oversight: gRPC may leave the loopback with API keys and
/// TLS only, and HTTP, which has no TLS, not at all. kInvalidArgument naming the flags that help.
absl::Status CheckListenPolicy(const ListenPolicy& policy);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_ACCESS_LISTEN_POLICY_H_
