#ifndef RIDGELINE_CLIENT_TLS_OPTIONS_H_
#define RIDGELINE_CLIENT_TLS_OPTIONS_H_

#include <memory>
#include <string>

#include "absl/status/status.h"

namespace grpc {
class ChannelCredentials;
}  // namespace grpc

namespace ridgeline {

/// Encryption of a client's connection. All texts are PEM, not names of files.
struct TlsOptions {
  /// Whether to use TLS at all.
  bool enabled = false;
  /// Authorities that may vouch for the server; "": those that the system trusts.
  std::string ca;
  /// The client's own certificate and its key, for a server that asks for one; "" for none.
  std::string certificate;
  std::string key;
};

/// kInvalidArgument naming the field when these cannot be used together.
absl::Status ValidateTls(const TlsOptions& options);

/// What gRPC needs to connect so.
std::shared_ptr<grpc::ChannelCredentials> MakeChannelCredentials(const TlsOptions& options);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_TLS_OPTIONS_H_
