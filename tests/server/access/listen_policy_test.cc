#include "server/access/listen_policy.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

ListenPolicy Policy(const std::string& grpc, const std::string& http = "127.0.0.1:8080") {
  ListenPolicy policy;
  policy.grpc_address = grpc;
  policy.http_address = http;
  return policy;
}

TEST(ListenPolicy, KnowsWhatOnlyThisMachineReaches) {
  for (const char* address :
       {"127.0.0.1:1", "127.200.3.4:1", "localhost:1", "[::1]:1", "unix:/run/r.sock", "unix-abstract:r"}) {
    EXPECT_TRUE(IsLoopback(address)) << address;
  }
  for (const char* address : {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "192.168.0.1:1", "example.org:1", ":1", "",
                              "127.0.0.1.example.org:1", "localhost.example.org:1", "[2001:db8::1]:1",
                              "dns:///127.0.0.1:1", "128.0.0.1:1"}) {
    EXPECT_FALSE(IsLoopback(address)) << address;
  }
}

TEST(ListenPolicy, ALoopbackServerMayBeOpen) {
  EXPECT_TRUE(CheckListenPolicy(Policy("127.0.0.1:50051")).ok());
  EXPECT_TRUE(CheckListenPolicy(Policy("[::1]:50051", "localhost:0")).ok());
}

TEST(ListenPolicy, OthersNeedKeysAndTls) {
  ListenPolicy policy = Policy("0.0.0.0:50051");
  for (const bool keys : {false, true}) {
    for (const bool tls : {false, true}) {
      policy.has_api_keys = keys;
      policy.has_tls = tls;
      EXPECT_EQ(CheckListenPolicy(policy).ok(), keys && tls) << keys << tls;
    }
  }
}

TEST(ListenPolicy, HttpStaysOnTheLoopbackForItHasNoTls) {
  ListenPolicy policy = Policy("127.0.0.1:50051", "0.0.0.0:8080");
  policy.has_api_keys = true;
  policy.has_tls = true;
  EXPECT_FALSE(CheckListenPolicy(policy).ok());
}

TEST(ListenPolicy, TheOperatorMayInsist) {
  ListenPolicy policy = Policy("0.0.0.0:50051", "[::]:8080");
  policy.insecure_listen = true;
  EXPECT_TRUE(CheckListenPolicy(policy).ok());
}

TEST(ListenPolicy, TheErrorNamesTheFlags) {
  const std::string grpc(CheckListenPolicy(Policy("0.0.0.0:50051")).message());
  for (const char* text :
       {"--grpc-address 0.0.0.0:50051", "--api-keys", "--tls-certificate", "--insecure-listen"}) {
    EXPECT_THAT(grpc, HasSubstr(text));
  }
  const std::string http(CheckListenPolicy(Policy("127.0.0.1:1", "0.0.0.0:8080")).message());
  EXPECT_THAT(http, HasSubstr("--http-address 0.0.0.0:8080"));
  EXPECT_THAT(http, HasSubstr("--insecure-listen"));
}

}  // namespace
}  // namespace ridgeline
