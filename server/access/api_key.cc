#include "server/access/api_key.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace ridgeline {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// OpenSSL 3 takes longer to look an algorithm up and to make a context than to hash a key.
const EVP_MD* Sha256() {
  static const EVP_MD* const kAlgorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return kAlgorithm;
}

}  // namespace

KeyDigest DigestOfKey(absl::string_view key) {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  KeyDigest digest = {};
  EVP_DigestInit_ex2(context.get(), Sha256(), nullptr);
  EVP_DigestUpdate(context.get(), key.data(), key.size());
  EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
  return digest;
}

absl::StatusOr<KeyDigest> ParseDigest(absl::string_view hex) {
  KeyDigest digest = {};
  if (hex.size() != 2 * digest.size() || !std::all_of(hex.begin(), hex.end(), absl::ascii_isxdigit)) {
    return absl::InvalidArgumentError("must be 64 hexadecimal digits");
  }
  const std::string bytes = absl::HexStringToBytes(hex);
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

bool EqualDigests(const KeyDigest& a, const KeyDigest& b) {
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

absl::StatusOr<absl::string_view> ParseBearer(absl::string_view header) {
  constexpr absl::string_view kScheme = "Bearer ";
  if (!absl::StartsWithIgnoreCase(header, kScheme)) {
    return absl::UnauthenticatedError("authorization: must have the form `Bearer KEY`");
  }
  const absl::string_view key = absl::StripAsciiWhitespace(header.substr(kScheme.size()));
  if (key.empty() || key.size() > kMaxKeyBytes) {
    return absl::UnauthenticatedError("authorization: the API key is empty or too long");
  }
  return key;
}

}  // namespace ridgeline
