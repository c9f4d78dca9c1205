#include "server/access/tls_identity.h"

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace ridgeline {

// What gRPC asks at each handshake. It keeps this to the end of the server, but not the C++ credentials,
// which go once the server is built.
struct TlsIdentity::Port {
  TlsIdentity* identity;
  int64_t handed_out = 0;  // generation; guarded by the identity's mutex_

  // gRPC calls this under a lock of the port.
  static grpc_ssl_certificate_config_reload_status Fetch(void* self,
                                                         grpc_ssl_server_certificate_config** config);
};

namespace {

std::vector<std::string> PathsOf(const TlsFiles& files) {
  std::vector<std::string> paths = {files.certificate, files.key};
  if (!files.client_ca.empty()) paths.push_back(files.client_ca);
  return paths;
}

// Copies all of it. gRPC 1.51 asserts that there are roots to hold clients against even where it asks them
// for no certificate; it gets some then that it never uses.
grpc_ssl_server_certificate_config* ToConfig(const TlsMaterial& material) {
  const grpc_ssl_pem_key_cert_pair pair = {material.key.c_str(), material.certificate.c_str()};
  const std::string& roots = material.client_ca.empty() ? material.certificate : material.client_ca;
  return grpc_ssl_server_certificate_config_create(roots.c_str(), &pair, 1);
}

}  // namespace

grpc_ssl_certificate_config_reload_status TlsIdentity::Port::Fetch(
    void* self, grpc_ssl_server_certificate_config** config) {
  auto* port = static_cast<Port*>(self);
  MutexLock lock(&port->identity->mutex_);
  if (port->handed_out == port->identity->generation_) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
  *config = ToConfig(port->identity->material_);
  port->handed_out = port->identity->generation_;
  return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
}

// gRPC's C++ interface has no way to be asked for certificates at each handshake; its C interface has.
class TlsIdentity::Credentials final : public grpc::ServerCredentials {
 public:
  Credentials(Port* port, bool with_client_ca)
      : credentials_(grpc_ssl_server_credentials_create_with_options(
            grpc_ssl_server_credentials_create_options_using_config_fetcher(
                with_client_ca ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
                               : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE,
                &Port::Fetch, port))) {}
  ~Credentials() override { grpc_server_credentials_release(credentials_); }

  // Keys are looked at by the methods themselves, which work without TLS too.
  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>& /*processor*/) override {}

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), credentials_);
  }

  grpc_server_credentials* const credentials_;
};

absl::StatusOr<std::unique_ptr<TlsIdentity>> TlsIdentity::Open(const TlsFiles& files) {
  std::unique_ptr<TlsIdentity> identity(new TlsIdentity(files));
  MutexLock lock(&identity->reading_);
  RIDGELINE_RETURN_IF_ERROR(identity->Read());
  return identity;
}

TlsIdentity::TlsIdentity(const TlsFiles& files) : files_(files), watch_(PathsOf(files)) {}

TlsIdentity::~TlsIdentity() = default;

absl::StatusOr<bool> TlsIdentity::Reload() {
  MutexLock lock(&reading_);
  return watch_.TakeUp([this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(reading_) { return Read(); });
}

absl::Status TlsIdentity::Read() {
  RIDGELINE_ASSIGN_OR_RETURN(TlsMaterial material, ReadTlsFiles(files_));
  MutexLock lock(&mutex_);
  material_ = std::move(material);
  ++generation_;
  return absl::OkStatus();
}

std::shared_ptr<grpc::ServerCredentials> TlsIdentity::MakeCredentials() {
  MutexLock lock(&mutex_);
  ports_.push_back(std::make_unique<Port>(Port{this}));
  return std::make_shared<Credentials>(ports_.back().get(), !files_.client_ca.empty());
}

}  // namespace ridgeline
