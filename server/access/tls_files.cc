#include "server/access/tls_files.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/file.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};
template <class Object>
using Owned = std::unique_ptr<Object, Free>;

absl::Status Bad(const std::string& path, absl::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat("TLS ", path, ": ", problem));
}

// OpenSSL would ask the terminal for a passphrase, and stop the server until somebody types it.
int NoPassphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) {
  return 0;
}

Owned<BIO> Reader(const std::string& text) {
  return Owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Whether something begins after the last block of `text` that is not even a block: OpenSSL would pass it
// over.
bool HasTornEnd(absl::string_view text) {
  constexpr absl::string_view kDashes = "-----";
  const size_t end = text.rfind("-----END ");
  if (end == absl::string_view::npos) return true;
  const size_t dashes = text.find(kDashes, end + kDashes.size());
  if (dashes == absl::string_view::npos) return true;
  return absl::StartsWith(absl::StripAsciiWhitespace(text.substr(dashes + kDashes.size())), "-");
}

// All certificates of `text`; what stops before its end is an error, not the last one.
absl::StatusOr<std::vector<Owned<X509>>> ParseCertificates(const std::string& path, const std::string& text) {
  std::vector<Owned<X509>> certificates;
  const Owned<BIO> reader = Reader(text);
  ERR_clear_error();
  while (X509* certificate = PEM_read_bio_X509(reader.get(), nullptr, NoPassphrase, nullptr)) {
    certificates.emplace_back(certificate);
  }
  const auto error = ERR_peek_last_error();
  ERR_clear_error();
  const bool at_end = ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
  if (!certificates.empty() && (!at_end || HasTornEnd(text)))
    return Bad(path, "has a certificate that is damaged or not whole");
  if (certificates.empty()) return Bad(path, "has no certificate");
  return certificates;
}

absl::StatusOr<Owned<EVP_PKEY>> ParseKey(const std::string& path, const std::string& text) {
  const Owned<BIO> reader = Reader(text);
  Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(reader.get(), nullptr, NoPassphrase, nullptr));
  ERR_clear_error();
  if (key == nullptr) return Bad(path, "has no private key, a damaged one, or one with a passphrase");
  return key;
}

// As a server does when it takes them up, so that it will take them.
absl::Status CheckUsable(const TlsFiles& files, X509* certificate, EVP_PKEY* key) {
  if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) {
    return Bad(files.certificate, "has expired");
  }
  if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0) {
    return Bad(files.certificate, "is not valid yet");
  }
  const Owned<SSL_CTX> context(SSL_CTX_new(TLS_server_method()));
  const bool certificate_taken = SSL_CTX_use_certificate(context.get(), certificate) == 1;
  const bool key_taken = certificate_taken && SSL_CTX_use_PrivateKey(context.get(), key) == 1 &&
                         SSL_CTX_check_private_key(context.get()) == 1;
  ERR_clear_error();
  if (!certificate_taken) return Bad(files.certificate, "is not a certificate that OpenSSL takes");
  if (!key_taken) return Bad(files.key, absl::StrCat("is not the key of ", files.certificate));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<TlsMaterial> ReadTlsFiles(const TlsFiles& files) {
  TlsMaterial material;
  RIDGELINE_ASSIGN_OR_RETURN(material.certificate, ReadFile(files.certificate));
  RIDGELINE_ASSIGN_OR_RETURN(material.key, ReadFile(files.key));
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<Owned<X509>> chain,
                             ParseCertificates(files.certificate, material.certificate));
  RIDGELINE_ASSIGN_OR_RETURN(const Owned<EVP_PKEY> key, ParseKey(files.key, material.key));
  RIDGELINE_RETURN_IF_ERROR(CheckUsable(files, chain.front().get(), key.get()));
  if (!files.client_ca.empty()) {
    RIDGELINE_ASSIGN_OR_RETURN(material.client_ca, ReadFile(files.client_ca));
    RIDGELINE_RETURN_IF_ERROR(ParseCertificates(files.client_ca, material.client_ca).status());
  }
  return material;
}

}  // namespace ridgeline
