#include "server/access/api_key.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string Hex(const KeyDigest& digest) {
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

// The examples of FIPS 180-4.
TEST(ApiKey, DigestsAreSha256) {
  EXPECT_EQ(Hex(DigestOfKey("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Hex(DigestOfKey("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Hex(DigestOfKey("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(ApiKey, DigestsAreReadFromHexadecimalDigits) {
  const auto digest = ParseDigest("BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  ASSERT_TRUE(digest.ok());
  EXPECT_TRUE(EqualDigests(*digest, DigestOfKey("abc")));
  EXPECT_FALSE(EqualDigests(*digest, DigestOfKey("abd")));
  for (const std::string& text : {std::string(), std::string(63, 'a'), std::string(65, 'a'),
                                  std::string(63, 'a') + "g", std::string(63, 'a') + '\0'}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseDigest(text).status())) << text;
  }
}

TEST(ApiKey, EveryByteOfADigestCounts) {
  const KeyDigest digest = DigestOfKey("abc");
  for (size_t i = 0; i < digest.size(); ++i) {
    KeyDigest other = digest;
    other[i] ^= 1;
    EXPECT_FALSE(EqualDigests(digest, other)) << i;
  }
}

TEST(ApiKey, TheSchemeOfTheHeaderIsBearer) {
  EXPECT_EQ(*ParseBearer("Bearer rk_1"), "rk_1");
  EXPECT_EQ(*ParseBearer("bearer   rk_1 "), "rk_1");
  const std::string longest(kMaxKeyBytes, 'k');
  EXPECT_EQ(*ParseBearer("Bearer " + longest), longest);
  for (const std::string& header :
       {std::string("rk_secret"), std::string("Basic rk_secret"), std::string("Bearer"),
        std::string("Bearer "), std::string("Bearerrk_secret"), std::string(),
        "Bearer rk_secret" + longest}) {
    const auto key = ParseBearer(header);
    EXPECT_TRUE(absl::IsUnauthenticated(key.status())) << header;
    EXPECT_THAT(std::string(key.status().message()), Not(HasSubstr("rk_secret")));
  }
}

}  // namespace
}  // namespace ridgeline
