#include "server/access/tls_files.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_certificates.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::Not;

class TlsFilesTest : public testing::Test {
 protected:
  // The error of files with this in them; `client_ca` "" is none.
  absl::StatusOr<TlsMaterial> Read(const std::string& certificate, const std::string& key,
                                   const std::string& client_ca = "") const {
    TlsFiles files;
    files.certificate = dir_.Write("server.crt", certificate);
    files.key = dir_.Write("server.key", key);
    if (!client_ca.empty()) files.client_ca = dir_.Write("clients.crt", client_ca);
    return ReadTlsFiles(files);
  }

  const TempDir dir_;
  TestAuthority authority_;
  const TestIdentity one_ = authority_.Issue("one");
  const TestIdentity other_ = authority_.Issue("other");
};

TEST_F(TlsFilesTest, ReadsWhatFits) {
  const std::string chain = one_.certificate + authority_.certificate();
  const auto material = Read(chain, one_.key, authority_.certificate());
  ASSERT_TRUE(material.ok()) << material.status();
  EXPECT_EQ(material->certificate, chain);
  EXPECT_EQ(material->key, one_.key);
  EXPECT_EQ(material->client_ca, authority_.certificate());
  EXPECT_TRUE(Read(one_.certificate, one_.key).ok());
}

TEST_F(TlsFilesTest, ACertificateAndTheKeyOfAnotherAreRefused) {
  const auto material = Read(one_.certificate, other_.key);
  ASSERT_TRUE(absl::IsInvalidArgument(material.status()));
  EXPECT_THAT(std::string(material.status().message()), HasSubstr("server.key: is not the key of"));
  // The first certificate of a chain is the server's.
  EXPECT_FALSE(Read(authority_.certificate() + one_.certificate, one_.key).ok());
}

TEST_F(TlsFilesTest, HalfWrittenFilesAreRefusedWhereverTheyEnd) {
  const std::string chain = one_.certificate + authority_.certificate();
  for (size_t size = 0; size < chain.size() - 1; size += 17) {
    // After the first certificate the file is whole, as far as one can see.
    const bool between = size == one_.certificate.size() || size + 1 == one_.certificate.size();
    if (!between) {
      EXPECT_FALSE(Read(chain.substr(0, size), one_.key).ok()) << size;
    }
    EXPECT_FALSE(Read(chain, one_.key, chain.substr(0, std::max<size_t>(1, size))).ok() && !between) << size;
  }
  for (size_t size = 0; size < one_.key.size() - 1; size += 7) {
    EXPECT_FALSE(Read(chain, one_.key.substr(0, size)).ok()) << size;
  }
}

TEST_F(TlsFilesTest, CertificatesOutOfTheirTimeAreRefused) {
  const TestIdentity expired = authority_.Issue("expired", -10, -1);
  const TestIdentity future = authority_.Issue("future", 1, 10);
  EXPECT_THAT(Read(expired.certificate, expired.key).status().ToString(), HasSubstr("has expired"));
  EXPECT_THAT(Read(future.certificate, future.key).status().ToString(), HasSubstr("is not valid yet"));
}

TEST_F(TlsFilesTest, ErrorsNameTheFileAndRepeatNothingOfIt) {
  const std::string planted = "planted-private-key";
  for (const auto& [certificate, key, client_ca, file] :
       std::vector<std::tuple<std::string, std::string, std::string, std::string>>{
           {planted, one_.key, "", "server.crt"},
           {one_.certificate, planted, "", "server.key"},
           {one_.certificate, one_.key, planted, "clients.crt"}}) {
    const auto material = Read(certificate, key, client_ca);
    ASSERT_TRUE(absl::IsInvalidArgument(material.status())) << file;
    EXPECT_THAT(material.status().ToString(), HasSubstr(dir_.File(file)));
    EXPECT_THAT(material.status().ToString(), Not(HasSubstr(planted)));
  }
  TlsFiles files;
  files.certificate = dir_.File("none");
  EXPECT_TRUE(absl::IsNotFound(ReadTlsFiles(files).status()));
}

}  // namespace
}  // namespace ridgeline
