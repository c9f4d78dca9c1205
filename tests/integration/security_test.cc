// The real programs with keys and certificates: who has them gets in, and no key is seen where it does not
// belong.

#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/server_process.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_certificates.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::Not;

class Security : public testing::Test {
 protected:
  Security() {
    const TestIdentity server = authority_.Issue("server");
    const TestIdentity client = authority_.Issue("client");
    dir_.Write("ca.crt", authority_.certificate());
    dir_.Write("server.crt", server.certificate);
    dir_.Write("server.key", server.key);
    dir_.Write("client.crt", client.certificate);
    dir_.Write("client.key", client.key);
  }

  // Makes a key with the command line and returns the file that has it.
  std::string CreateKey(const std::string& name, const std::string& role) {
    const auto made = RunCommand({ProgramPath("ridgeline"), "keys", "create", "--name", name, "--role", role,
                                  "--append", dir_.File("keys")});
    EXPECT_TRUE(made.ok() && made->exit_code == 0) << made.status();
    keys_.push_back(std::string(absl::StripSuffix(made->standard_output, "\n")));
    return dir_.Write(name + ".key", made->standard_output);
  }

  absl::StatusOr<ServerProcess> Start() {
    return ServerProcess::Start(
        dir_.File("data"),
        {"--allow-empty-start", "--api-keys", dir_.File("keys"), "--audit-log", dir_.File("audit"),
         "--tls-certificate", dir_.File("server.crt"), "--tls-key", dir_.File("server.key"),
         "--tls-client-ca", dir_.File("ca.crt"), "--log-level", "debug"});
  }

  // Runs the command line with the certificates, and remembers all that it prints.
  int Run(const ServerProcess& server, std::vector<std::string> arguments, const std::string& key_file) {
    for (const char* flag :
         {"--tls-ca", "ca.crt", "--tls-certificate", "client.crt", "--tls-key", "client.key"}) {
      arguments.push_back(flag[0] == '-' ? std::string(flag) : dir_.File(flag));
    }
    if (!key_file.empty()) arguments.insert(arguments.end(), {"--api-key-file", key_file});
    const auto result = server.Client(arguments);
    EXPECT_TRUE(result.ok()) << result.status();
    if (!result.ok()) return -1;
    absl::StrAppend(&printed_, result->standard_output, result->standard_error);
    return result->exit_code;
  }

  const TempDir dir_;
  TestAuthority authority_;
  std::vector<std::string> keys_;
  std::string printed_;
};

TEST_F(Security, KeysAndCertificatesLetInWhomTheyShould) {
  const std::string reader = CreateKey("web", "reader");
  const std::string writer = CreateKey("tracker", "writer");
  const std::string admin = CreateKey("ops", "admin");
  auto server = Start();
  ASSERT_TRUE(server.ok()) << server.status();
  const std::vector<std::string> record = {"record", "--user", "u", "--item", "i"};
  EXPECT_EQ(Run(*server, {"status"}, reader), 0);
  EXPECT_EQ(Run(*server, {"status"}, ""), 1);
  EXPECT_EQ(Run(*server, record, reader), 1);
  EXPECT_EQ(Run(*server, record, writer), 0);
  EXPECT_EQ(Run(*server, {"users", "delete", "u"}, writer), 1);
  EXPECT_THAT(printed_, HasSubstr("UNAUTHENTICATED"));
  EXPECT_THAT(printed_, HasSubstr("needs the role writer; API key 'web' has reader"));
  // Without certificates the server cannot even be asked.
  EXPECT_EQ(server->Client({"--timeout", "2s", "--api-key-file", admin, "status"})->exit_code, 3);
  EXPECT_EQ(
      server->Client({"--timeout", "2s", "--tls-ca", dir_.File("ca.crt"), "--api-key-file", admin, "status"})
          ->exit_code,
      3);
}

TEST_F(Security, NoKeyIsInLogsErrorsMetricsOrTheAudit) {
  const std::string admin = CreateKey("ops", "admin");
  const std::string reader = CreateKey("web", "reader");
  auto server = Start();
  ASSERT_TRUE(server.ok()) << server.status();
  keys_.push_back("rk_planted_and_unknown");
  const std::string unknown = dir_.Write("unknown.key", keys_.back());
  for (const std::string& key : {admin, reader, unknown}) {
    Run(*server, {"status"}, key);
    Run(*server, {"train"}, key);
    Run(*server, {"models", "activate", "v000009"}, key);
    Run(*server, {"record", "--user", "u", "--item", "i"}, key);
  }
  for (const std::string& key : keys_) {
    const auto metrics =
        RunCommand({"/usr/bin/curl", "--silent", "--header", absl::StrCat("Authorization: Bearer ", key),
                    absl::StrCat("http://", server->http_address(), "/metrics")});
    ASSERT_TRUE(metrics.ok()) << metrics.status();
    absl::StrAppend(&printed_, metrics->standard_output, metrics->standard_error);
  }
  EXPECT_EQ(server->Terminate(absl::Minutes(1)), 0);
  for (const char* file : {"audit", "data.log", "data.log.out"}) {
    absl::StrAppend(&printed_, ReadFile(dir_.File(file)).value_or(""));
  }
  // It is all there...
  for (const char* text : {"ridgeline_rpc_requests_total", "the server does not know this API key",
                           "\"audit\":true", "\"client\":\"ops\"", "server started"}) {
    EXPECT_THAT(printed_, HasSubstr(text));
  }
  // ...but none of the keys.
  for (const std::string& key : keys_) EXPECT_THAT(printed_, Not(HasSubstr(key)));
}

TEST_F(Security, AnOpenServerStaysOnThisMachineUnlessTold) {
  const auto refused = RunCommand({ProgramPath("ridgeline-server"), "--data-dir", dir_.File("data"),
                                   "--grpc-address", "0.0.0.0:0", "--http-address", "127.0.0.1:0"});
  ASSERT_TRUE(refused.ok()) << refused.status();
  EXPECT_NE(refused->exit_code, 0);
  EXPECT_THAT(refused->standard_error, HasSubstr("--insecure-listen"));
  EXPECT_TRUE(ServerProcess::Start(dir_.File("data"), {"--insecure-listen"}).ok());
}

}  // namespace
}  // namespace ridgeline
