// Who gets in, asked of a whole server over the network.

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <spdlog/sinks/ostream_sink.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/types/optional.h"
#include "core/base/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ridgeline/v1/catalog_service.pb.h"
#include "ridgeline/v1/interaction_service.grpc.pb.h"
#include "ridgeline/v1/model_service.grpc.pb.h"
#include "server/server.h"
#include "tests/server/access/schema.h"
#include "tests/server/access/test_keys.h"
#include "tests/server/http_client.h"
#include "tests/server/raw_call.h"
#include "tests/server/world.h"
#include "tests/support/long_form.h"
#include "tests/support/test_certificates.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kReflection[] = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
constexpr char kRecommend[] = "/ridgeline.v1.RecommendationService/Recommend";
constexpr char kPlanted[] = "rk_planted_where_nobody_may_see_it";

class ServerAccessTest : public testing::Test {
 protected:
  ServerAccessTest() {
    options_.data_dir = dir_.File("data");
    options_.grpc_address = "127.0.0.1:0";
    options_.http_address = "127.0.0.1:0";
    options_.allow_empty_start = true;
    options_.api_keys = dir_.Write("keys", OneKeyARole());
    options_.reload_interval = absl::Milliseconds(5);
  }

  void Start() {
    auto server = Server::Start(options_, &logger_, &clock_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    channel_ = grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->grpc_port()),
                                   grpc::InsecureChannelCredentials());
  }

  // Sends, unless told otherwise, bytes that are no request, so that who gets in is told so and changes
  // nothing.
  grpc::Status Call(const std::string& path, const std::string& key,
                    const std::string& bytes = "\x0a\x7f") const {
    return CallWithBytes(channel_, path, bytes, key);
  }

  std::string Metrics() const {
    return Exchange(server_->http_port(),
                    absl::StrCat("GET /metrics HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ",
                                 KeyOf(Role::kReader), "\r\n\r\n"));
  }

  grpc::StatusCode CodeOf(const std::string& path, const std::string& key) const {
    return Call(path, key).error_code();
  }

  const TempDir dir_;
  const SystemClock clock_;
  std::ostringstream log_;
  Logger logger_{LogLevel::kDebug, &clock_, std::make_shared<spdlog::sinks::ostream_sink_mt>(log_)};
  ServerOptions options_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(ServerAccessTest, EveryMethodAsksForItsRole) {
  Start();
  for (const auto* method : MethodsOfTheSchema()) {
    const std::string path = PathOf(*method);
    EXPECT_EQ(CodeOf(path, ""), grpc::UNAUTHENTICATED) << path;
    EXPECT_EQ(CodeOf(path, "rk_of_nobody"), grpc::UNAUTHENTICATED) << path;
    for (const Role role : kRoles) {
      const bool allowed = role == NeededRole(*method) || role == Role::kAdmin;
      EXPECT_EQ(CodeOf(path, KeyOf(role)), allowed ? grpc::INVALID_ARGUMENT : grpc::PERMISSION_DENIED)
          << path << " as " << RoleName(role);
    }
  }
}

TEST_F(ServerAccessTest, ReflectionAndUnknownMethodsAreForNobodyAndHealthForAll) {
  Start();
  EXPECT_EQ(CodeOf(kReflection, ""), grpc::UNAUTHENTICATED);
  EXPECT_EQ(CodeOf(kReflection, KeyOf(Role::kAdmin)), grpc::PERMISSION_DENIED);
  EXPECT_EQ(CodeOf("/ridgeline.v1.ModelService/Nothing", KeyOf(Role::kAdmin)), grpc::PERMISSION_DENIED);
  // Health reads the two bytes as a field that it does not know, or as a broken message: either way it
  // answers.
  const grpc::StatusCode health = CodeOf("/grpc.health.v1.Health/Check", "");
  EXPECT_NE(health, grpc::UNAUTHENTICATED);
  EXPECT_NE(health, grpc::PERMISSION_DENIED);
}

TEST_F(ServerAccessTest, WithoutKeysEverybodyGetsInAndReflectionTells) {
  options_.api_keys = "";
  Start();
  EXPECT_EQ(CodeOf("/ridgeline.v1.InteractionService/DeleteUser", ""), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(CodeOf("/ridgeline.v1.ModelService/Nothing", ""), grpc::UNIMPLEMENTED);
  EXPECT_NE(CodeOf(kReflection, ""), grpc::UNIMPLEMENTED);
}

TEST_F(ServerAccessTest, KeysChangeWithoutARestartAndABrokenFileChangesNothing) {
  Start();
  const std::string path = "/ridgeline.v1.ModelService/GetModel";
  const absl::Time give_up = absl::Now() + absl::Minutes(1);
  dir_.Write("keys", "{\"name\": \"half");
  while (!absl::StrContains(Metrics(), "ridgeline_access_reload_errors_total 1\n")) {
    ASSERT_LT(absl::Now(), give_up);
  }
  EXPECT_EQ(CodeOf(path, KeyOf(Role::kReader)), grpc::INVALID_ARGUMENT);
  dir_.Write("next", KeyLine("new", "\"reader\"", "rk_new"));
  std::filesystem::rename(dir_.File("next"), dir_.File("keys"));
  while (CodeOf(path, "rk_new") != grpc::INVALID_ARGUMENT) ASSERT_LT(absl::Now(), give_up);
  EXPECT_EQ(CodeOf(path, KeyOf(Role::kReader)), grpc::UNAUTHENTICATED);
  server_.reset();
  EXPECT_THAT(log_.str(), HasSubstr("API keys not reloaded"));
  EXPECT_THAT(log_.str(), HasSubstr("API keys reloaded"));
}

// A file that was wrong, is put back as it was, and becomes wrong in the same way again: that is an error of
// its own.
TEST_F(ServerAccessTest, TheSameMistakeMadeAgainIsToldAgain) {
  Start();
  const absl::Time give_up = absl::Now() + absl::Minutes(1);
  const auto told = [this](int errors) {
    return absl::StrContains(Metrics(), absl::StrCat("ridgeline_access_reload_errors_total ", errors, "\n"));
  };
  const auto exchange = [&](const std::string& name, int errors) {
    std::filesystem::rename(dir_.File("keys"), dir_.File("other"));
    std::filesystem::rename(dir_.File(name), dir_.File("keys"));
    std::filesystem::rename(dir_.File("other"), dir_.File(name));
    for (int i = 0; i < 50 && !told(errors); ++i) {
    }
  };
  dir_.Write("mistake", "{\"name\": \"half");
  exchange("mistake", 1);
  while (!told(1)) ASSERT_LT(absl::Now(), give_up);
  while (!told(2)) {
    exchange("mistake", 2);
    exchange("mistake", 2);
    ASSERT_LT(absl::Now(), give_up);
  }
}

// One line for each call that is denied, and for each that may change something, however it ends.
TEST_F(ServerAccessTest, DenialsAndChangesAreAuditedOneRecordEach) {
  options_.audit_log = dir_.File("audit");
  Start();
  int expected = 0;
  const auto last = [this] {
    const std::vector<std::string> lines =
        absl::StrSplit(ReadFile(options_.audit_log).value_or(""), '\n', absl::SkipEmpty());
    return std::pair(static_cast<int>(lines.size()),
                     lines.empty() ? nlohmann::json() : nlohmann::json::parse(lines.back()));
  };
  for (const auto* method : MethodsOfTheSchema()) {
    const std::string path = PathOf(*method);
    const bool changes = NeededRole(*method) != Role::kReader && method->name() != "RecordInteractions";
    for (const std::string& key : {std::string(), std::string("rk_of_nobody"), KeyOf(Role::kReader),
                                   KeyOf(Role::kWriter), KeyOf(Role::kTrainer), KeyOf(Role::kAdmin)}) {
      const grpc::StatusCode code = CodeOf(path, key);
      const bool denied = code == grpc::UNAUTHENTICATED || code == grpc::PERMISSION_DENIED;
      if (denied || changes) ++expected;
      const auto [lines, record] = last();
      ASSERT_EQ(lines, expected) << path << " with " << key;
      if (!denied && !changes) continue;
      EXPECT_EQ(record["method"], path);
      EXPECT_EQ(record["code"],
                denied ? (code == grpc::UNAUTHENTICATED ? "UNAUTHENTICATED" : "PERMISSION_DENIED")
                       : "INVALID_ARGUMENT");
      EXPECT_EQ(record["client"],
                key.find("_of_the_") == std::string::npos ? "" : key.substr(key.rfind('_') + 1));
      EXPECT_THAT(record["peer"].get<std::string>(), HasSubstr("127.0.0.1"));
    }
  }
  CodeOf(kReflection, KeyOf(Role::kAdmin));
  EXPECT_EQ(last().second["method"], kReflection);
  Http(server_->http_port(), "GET", "/metrics");
  EXPECT_EQ(last().second["method"], "GET /metrics");
  EXPECT_EQ(last().first, expected + 2);
  Http(server_->http_port(), "GET", "/healthz");
  EXPECT_EQ(last().first, expected + 2);
}

TEST_F(ServerAccessTest, OfALargeRequestThatIsRefusedTheAuditTellsTheSizeAlone) {
  options_.audit_log = dir_.File("audit");
  Start();
  v1::UpsertItemsRequest request;
  for (int i = 0; i < 40'000; ++i) request.add_items();
  const std::string bytes = request.SerializeAsString();
  EXPECT_EQ(Call("/ridgeline.v1.CatalogService/UpsertItems", "", bytes).error_code(), grpc::UNAUTHENTICATED);
  const auto line = nlohmann::json::parse(ReadFile(options_.audit_log).value_or(""));
  EXPECT_EQ(line["request"], nlohmann::json({{"bytes", bytes.size()}}));
}

TEST_F(ServerAccessTest, AnImportEndsWhenItsKeyIsTakenBack) {
  Start();
  const auto stub = v1::InteractionService::NewStub(channel_);
  grpc::ClientContext context;
  context.AddMetadata("authorization", absl::StrCat("Bearer ", KeyOf(Role::kWriter)));
  v1::ImportInteractionsResponse response;
  const auto import = stub->ImportInteractions(&context, &response);
  v1::ImportInteractionsRequest message;
  message.add_interactions()->set_user_id("u");
  message.mutable_interactions(0)->set_item_id("a");
  ASSERT_TRUE(import->Write(message));
  dir_.Write("next", KeyLine("new", "\"reader\"", "rk_new"));
  std::filesystem::rename(dir_.File("next"), dir_.File("keys"));
  const absl::Time give_up = absl::Now() + absl::Minutes(1);
  while (import->Write(message)) ASSERT_LT(absl::Now(), give_up);
  EXPECT_EQ(import->Finish().error_code(), grpc::UNAUTHENTICATED);
}

// Who asks again at once is told so less often.
TEST_F(ServerAccessTest, ARefusalAboveALimitTakesAMoment) {
  dir_.Write("keys", KeyLine("noisy", "\"reader\"", "rk_noisy",
                             R"(, "limits": {"calls_per_second": 0.0001, "burst": 1})"));
  Start();
  for (const char* path : {"/ridgeline.v1.ModelService/GetModel", kRecommend}) {
    CodeOf(path, "rk_noisy");
    const absl::Time before = absl::Now();
    EXPECT_EQ(CodeOf(path, "rk_noisy"), grpc::RESOURCE_EXHAUSTED);
    EXPECT_GE(absl::Now() - before, absl::Milliseconds(50));
  }
}

TEST_F(ServerAccessTest, TheAuditTellsWhatWasChanged) {
  Start();
  const auto call = [this](const char* method, const google::protobuf::Message& request) {
    return Call(method, KeyOf(Role::kAdmin), request.SerializeAsString());
  };
  v1::UpsertItemsRequest items;
  items.add_items()->set_id("a");
  items.add_items()->set_id("b");
  EXPECT_TRUE(call("/ridgeline.v1.CatalogService/UpsertItems", items).ok());
  v1::ActivateModelRequest activation;
  activation.set_version("v000042");
  EXPECT_EQ(call("/ridgeline.v1.ModelService/ActivateModel", activation).error_code(), grpc::NOT_FOUND);
  v1::DeleteUserRequest user;
  user.set_user_id("u7");
  EXPECT_TRUE(call("/ridgeline.v1.InteractionService/DeleteUser", user).ok());
  server_.reset();
  // There is no file for it: it is in the ordinary log.
  EXPECT_THAT(log_.str(), HasSubstr(R"("client":"admin")"));
  EXPECT_THAT(
      log_.str(),
      HasSubstr(R"("code":"OK","message":"","request":{"items":2},"response":{"upserted_count":2}})"));
  EXPECT_THAT(log_.str(), HasSubstr(R"("request":{"version":"v000042"},"response":{}})"));
  EXPECT_THAT(log_.str(), HasSubstr(R"("request":{"user_id":"u7"},"response":{)"));
}

TEST_F(ServerAccessTest, AnAuditThatCannotBeWrittenIsCountedAndCallsGoOn) {
  options_.audit_log = "/dev/full";
  Start();
  EXPECT_EQ(CodeOf("/ridgeline.v1.InteractionService/DeleteUser", KeyOf(Role::kAdmin)),
            grpc::INVALID_ARGUMENT);
  const absl::Time give_up = absl::Now() + absl::Minutes(1);
  while (!absl::StrContains(Metrics(), "ridgeline_audit_lines_lost_total 1\n"))
    ASSERT_LT(absl::Now(), give_up);
  server_.reset();
  EXPECT_THAT(log_.str(), HasSubstr("audit lines lost"));
}

TEST_F(ServerAccessTest, WithACertificateItTakesEncryptedCallsAloneAndTakesUpTheNext) {
  TestAuthority authority;
  const auto write = [&](const TestIdentity& identity) {
    dir_.Write("crt", identity.certificate);
    dir_.Write("key", identity.key);
  };
  write(authority.Issue("first"));
  options_.tls.certificate = dir_.File("crt");
  options_.tls.key = dir_.File("key");
  Start();
  const auto code = [&](const TestAuthority& trusted) {
    grpc::SslCredentialsOptions ssl;
    ssl.pem_root_certs = trusted.certificate();
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    channel_ = grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", server_->grpc_port()),
                                         grpc::SslCredentials(ssl), arguments);
    return CodeOf("/ridgeline.v1.ModelService/GetModel", KeyOf(Role::kReader));
  };
  EXPECT_EQ(CodeOf("/ridgeline.v1.ModelService/GetModel", KeyOf(Role::kReader)), grpc::UNAVAILABLE);
  EXPECT_EQ(code(authority), grpc::INVALID_ARGUMENT);
  TestAuthority next;
  EXPECT_EQ(code(next), grpc::UNAVAILABLE);
  write(next.Issue("second"));
  const absl::Time give_up = absl::Now() + absl::Minutes(1);
  while (code(next) != grpc::INVALID_ARGUMENT) ASSERT_LT(absl::Now(), give_up);
  server_.reset();
  EXPECT_THAT(log_.str(), HasSubstr("certificates reloaded"));
}

// A running server that looks after its files by itself, asked on a connection that is kept and on new ones
// while its certificate and the authority of its clients change again and again.
class ServerRotationTest : public ServerAccessTest {
 protected:
  void Begin() {
    TestAuthority clients;
    shown_ = clients.Issue("client 0");
    const TestIdentity identity = authority_.Issue("server");
    options_.tls.certificate = dir_.Write("crt", identity.certificate);
    options_.tls.key = dir_.Write("key", identity.key);
    options_.tls.client_ca = dir_.Write("clients", clients.certificate());
    in_force_ = identity.certificate;
    Start();
    kept_ = Connect(shown_);
    Ask();
  }

  std::shared_ptr<grpc::Channel> Connect(const TestIdentity& client) const {
    grpc::SslCredentialsOptions ssl;
    ssl.pem_root_certs = authority_.certificate();
    ssl.pem_cert_chain = client.certificate;
    ssl.pem_private_key = client.key;
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", server_->grpc_port()),
                                     grpc::SslCredentials(ssl), arguments);
  }

  // The server's certificate that the connection began with; nothing when the call failed.
  static absl::optional<std::string> CertificateMet(const std::shared_ptr<grpc::Channel>& channel) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", absl::StrCat("Bearer ", KeyOf(Role::kReader)));
    v1::ServerStatus status;
    if (!v1::ModelService::NewStub(channel)->GetServerStatus(&context, {}, &status).ok())
      return absl::nullopt;
    std::string met;
    for (const grpc::string_ref& text : context.auth_context()->FindPropertyValues("x509_pem_cert")) {
      met.assign(text.data(), text.size());
    }
    return met;
  }

  void AskKept() {
    ++calls_;
    failed_ += CertificateMet(kept_).has_value() ? 0 : 1;
  }

  // Calls on the kept and on a new connection, neither of which may fail; the certificate met on the new one.
  std::string Ask() {
    AskKept();
    const auto met = CertificateMet(Connect(shown_));
    ++calls_;
    failed_ += met.has_value() ? 0 : 1;
    return met.value_or("");
  }

  void Replace(const std::string& name, const std::string& bytes) {
    dir_.Write("next", bytes);
    std::filesystem::rename(dir_.File("next"), dir_.File(name));
  }

  // Files that do not fit yet: asks until the server has refused them, and once more.
  void ReplaceUnfit(const std::string& name, const std::string& bytes) {
    Replace(name, bytes);
    const std::string told = absl::StrCat("ridgeline_access_reload_errors_total ", ++refused_, "\n");
    do {
      EXPECT_EQ(Ask(), in_force_);
      ASSERT_LT(absl::Now(), give_up_) << "not refused: " << name;
    } while (!absl::StrContains(Metrics(), told));
    EXPECT_EQ(Ask(), in_force_);
  }

  void RotateServer(int i) {
    const TestIdentity next = authority_.Issue(absl::StrCat("rotation ", i));
    ASSERT_NO_FATAL_FAILURE(ReplaceUnfit("crt", PartOf(next.certificate, i)));
    ASSERT_NO_FATAL_FAILURE(ReplaceUnfit("crt", next.certificate));
    ASSERT_NO_FATAL_FAILURE(ReplaceUnfit("key", PartOf(next.key, i)));
    Replace("key", next.key);
    while (Ask() != next.certificate) ASSERT_LT(absl::Now(), give_up_) << "not taken up";
    in_force_ = next.certificate;
  }

  // When the next authority is taken up is not known: until its client gets in, it and the kept connection
  // alone are tried.
  void RotateClients(int i) {
    TestAuthority next;
    ASSERT_NO_FATAL_FAILURE(ReplaceUnfit("clients", PartOf(next.certificate(), i)));
    Replace("clients", next.certificate());
    TestIdentity client = next.Issue(absl::StrCat("client ", i + 1));
    while (!CertificateMet(Connect(client)).has_value()) {
      AskKept();
      ASSERT_LT(absl::Now(), give_up_) << "not taken up";
    }
    std::swap(shown_, client);
    EXPECT_EQ(Ask(), in_force_);
    EXPECT_FALSE(CertificateMet(Connect(client)).has_value()) << "of the authority before";
  }

  TestAuthority authority_;
  TestIdentity shown_;    // by new connections
  std::string in_force_;  // the server's certificate
  std::shared_ptr<grpc::Channel> kept_;
  const absl::Time give_up_ = absl::Now() + absl::Minutes(5);
  int64_t calls_ = 0;
  int64_t failed_ = 0;
  int refused_ = 0;
};

// RIDGELINE_ROTATIONS=100 for the long form.
TEST_F(ServerRotationTest, NoCallFailsWhileItTakesUpRotatedCertificatesByItself) {
  const int rotations = Repetitions("RIDGELINE_ROTATIONS", 3);
  ASSERT_NO_FATAL_FAILURE(Begin());
  for (int i = 0; i < rotations; ++i) {
    ASSERT_NO_FATAL_FAILURE(RotateServer(i));
    ASSERT_NO_FATAL_FAILURE(RotateClients(i));
  }
  EXPECT_EQ(refused_, 4 * rotations);
  EXPECT_EQ(failed_, 0) << "of " << calls_;
  ReportFigure(absl::StrCat(rotations, " rotations taken up by a running server, ", refused_,
                            " times with unfit files: ", failed_, " of ", calls_, " calls failed"));
}

TEST_F(ServerAccessTest, AddressesThatOthersReachNeedKeysAndTls) {
  TestAuthority authority;
  const TestIdentity identity = authority.Issue("server");
  options_.grpc_address = "0.0.0.0:0";
  const auto refused = Server::Start(options_, &logger_, &clock_);
  ASSERT_TRUE(absl::IsInvalidArgument(refused.status()));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("--insecure-listen"));
  options_.tls.certificate = dir_.Write("crt", identity.certificate);
  options_.tls.key = dir_.Write("key", identity.key);
  EXPECT_TRUE(Server::Start(options_, &logger_, &clock_).ok());
  options_.tls = {};
  options_.api_keys = "";
  options_.insecure_listen = true;
  EXPECT_TRUE(Server::Start(options_, &logger_, &clock_).ok());
}

// A key that somebody sends where it does not belong, or that is not known, or not allowed, is seen nowhere.
TEST_F(ServerAccessTest, APlantedKeyIsNeitherInErrorsNorInLogsNorInMetrics) {
  dir_.Write("keys", OneKeyARole() + KeyLine("planted", "\"reader\"", kPlanted));
  options_.audit_log = dir_.File("audit");
  Start();
  std::string seen;
  for (const std::string& sent : {std::string(kPlanted), absl::StrCat(kPlanted, "x")}) {
    for (const auto* method : MethodsOfTheSchema()) {
      const grpc::Status status = Call(PathOf(*method), sent);
      absl::StrAppend(&seen, status.error_message(), status.error_details(), "\n");
    }
    for (const char* path : {"/", "/metrics", "/none"}) {
      absl::StrAppend(
          &seen, Exchange(server_->http_port(),
                          absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ", sent,
                                       "\r\n\r\n")));
    }
  }
  absl::StrAppend(&seen, Metrics());
  server_.reset();
  absl::StrAppend(&seen, log_.str(), ReadFile(options_.audit_log).value());
  EXPECT_THAT(seen, HasSubstr("'planted' has reader"));
  EXPECT_THAT(seen, HasSubstr("ridgeline_rpc_requests_total"));
  EXPECT_THAT(seen, HasSubstr("\"audit\":true"));
  EXPECT_THAT(seen, Not(HasSubstr(kPlanted)));
}

}  // namespace
}  // namespace ridgeline
