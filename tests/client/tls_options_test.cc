#include "client/tls_options.h"

#include "gmock/gmock.h"
#include "grpcpp/security/credentials.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(TlsOptions, ACertificateNeedsItsKeyAndTheOtherWayRound) {
  TlsOptions options;
  EXPECT_TRUE(ValidateTls(options).ok());
  options.enabled = true;
  EXPECT_TRUE(ValidateTls(options).ok());
  options.certificate = "c";
  EXPECT_TRUE(absl::IsInvalidArgument(ValidateTls(options)));
  options.key = "k";
  EXPECT_TRUE(ValidateTls(options).ok());
  options.certificate = "";
  EXPECT_TRUE(absl::IsInvalidArgument(ValidateTls(options)));
}

// Whoever gives an authority wants encryption: to send everything in the clear then would be the worst
// answer.
TEST(TlsOptions, CertificatesAreNeverPassedOverInSilence) {
  TlsOptions options;
  options.ca = "ca";
  EXPECT_TRUE(absl::IsInvalidArgument(ValidateTls(options)));
}

TEST(TlsOptions, MakeCredentialsEitherWay) {
  TlsOptions options;
  EXPECT_NE(MakeChannelCredentials(options), nullptr);
  options.enabled = true;
  EXPECT_NE(MakeChannelCredentials(options), nullptr);
}

}  // namespace
}  // namespace ridgeline
