#ifndef RIDGELINE_TESTS_SUPPORT_TEST_CERTIFICATES_H_
#define RIDGELINE_TESTS_SUPPORT_TEST_CERTIFICATES_H_

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

#include "gtest/gtest.h"

namespace ridgeline {

/// A key and its certificate in PEM.
struct TestIdentity {
  std::string certificate;
  std::string key;
};

/// A certificate authority of a test. Makes elliptic-curve certificates for 127.0.0.1 and "localhost".
/// Thread- compatible.
class TestAuthority {
 public:
  TestAuthority() : key_(MakeKey()), certificate_(MakeCertificate(key_.get(), "test root", -1, 365, true)) {
    Sign(certificate_.get(), certificate_.get());
  }

  std::string certificate() const { return ToPem(certificate_.get()); }

  /// A new identity called `name`, valid from `first_day` to `last_day`, counted from today.
  TestIdentity Issue(const std::string& name, int first_day = -1, int last_day = 30) {
    const Key key = MakeKey();
    const Certificate certificate = MakeCertificate(key.get(), name, first_day, last_day, false);
    Sign(certificate.get(), certificate_.get());
    return {ToPem(certificate.get()), ToPem(key.get())};
  }

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  };
  using Key = std::unique_ptr<EVP_PKEY, Free>;
  using Certificate = std::unique_ptr<X509, Free>;

  static Key MakeKey() { return Key(EVP_EC_gen("P-256")); }

  static void AddExtension(X509* certificate, int id, const char* value) {
    const std::unique_ptr<X509_EXTENSION, Free> extension(X509V3_EXT_conf_nid(nullptr, nullptr, id, value));
    EXPECT_EQ(X509_add_ext(certificate, extension.get(), -1), 1);
  }

  Certificate MakeCertificate(EVP_PKEY* key, const std::string& name, int first_day, int last_day,
                              bool root) {
    Certificate certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial_);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 86'400L * first_day);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86'400L * last_day);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    AddExtension(certificate.get(), NID_basic_constraints, root ? "critical,CA:TRUE" : "CA:FALSE");
    if (!root) AddExtension(certificate.get(), NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
    return certificate;
  }

  void Sign(X509* certificate, X509* issuer) {
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
    EXPECT_GT(X509_sign(certificate, key_.get(), EVP_sha256()), 0);
  }

  static std::string TextOf(BIO* bio) {
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio, &text);
    return std::string(text, static_cast<size_t>(size));
  }
  static std::string ToPem(X509* certificate) {
    const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(bio.get(), certificate);
    return TextOf(bio.get());
  }
  static std::string ToPem(EVP_PKEY* key) {
    const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return TextOf(bio.get());
  }

  long serial_ = 0;
  const Key key_;
  const Certificate certificate_;
};

/// What a file of `text` has while somebody still writes it, at the moment `i`: a part that differs from
/// moment to moment, and is never all.
inline std::string PartOf(const std::string& text, int i) {
  return text.substr(0, text.size() * (i % 11) / 11);
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_SUPPORT_TEST_CERTIFICATES_H_
