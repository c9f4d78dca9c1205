#include "client/tls_options.h"

#include "grpcpp/security/credentials.h"

namespace ridgeline {

absl::Status ValidateTls(const TlsOptions& options) {
  if (options.certificate.empty() != options.key.empty()) {
    return absl::InvalidArgumentError("tls.certificate: certificate and key must be given together");
  }
  const bool has_text = !options.ca.empty() || !options.certificate.empty();
  if (has_text && !options.enabled) {
    return absl::InvalidArgumentError("tls.enabled: must be true for the certificates to be used");
  }
  return absl::OkStatus();
}

std::shared_ptr<grpc::ChannelCredentials> MakeChannelCredentials(const TlsOptions& options) {
  if (!options.enabled) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions ssl;
  ssl.pem_root_certs = options.ca;
  ssl.pem_cert_chain = options.certificate;
  ssl.pem_private_key = options.key;
  return grpc::SslCredentials(ssl);
}

}  // namespace ridgeline
