#include "server/access/tls_identity.h"

#include <grpc/grpc_security_constants.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/mutex.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ridgeline/v1/catalog_service.grpc.pb.h"
#include "tests/support/long_form.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_certificates.h"

namespace ridgeline {
namespace {

// Tells each caller from where it calls.
class EmptyCatalog final : public v1::CatalogService::CallbackService {
 public:
  grpc::ServerUnaryReactor* GetItem(grpc::CallbackServerContext* context,
                                    const v1::GetItemRequest* /*request*/, v1::Item* item) override {
    item->set_id(context->peer());
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

// How a call ended, on what connection.
struct Answer {
  grpc::Status status;
  std::string peer;                // the client's end of it, as the server sees that
  std::string server_certificate;  // that it began with
};

Answer Ask(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(2));
  v1::Item item;
  Answer answer;
  answer.status = v1::CatalogService::NewStub(channel)->GetItem(&context, v1::GetItemRequest(), &item);
  answer.peer = item.id();
  if (!answer.status.ok()) return answer;
  for (const grpc::string_ref& text :
       context.auth_context()->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME)) {
    answer.server_certificate.assign(text.data(), text.size());
  }
  return answer;
}

class TlsIdentityTest : public testing::Test {
 protected:
  ~TlsIdentityTest() override {
    if (server_ != nullptr) server_->Shutdown(std::chrono::system_clock::now());
  }

  void Serve(bool with_client_ca = false) {
    Write(authority_.Issue("first"));
    TlsFiles files;
    files.certificate = dir_.File("server.crt");
    files.key = dir_.File("server.key");
    if (with_client_ca) files.client_ca = dir_.Write("clients.crt", clients_.certificate());
    auto identity = TlsIdentity::Open(files);
    ASSERT_TRUE(identity.ok()) << identity.status();
    identity_ = *std::move(identity);
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", identity_->MakeCredentials(), &port_);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
  }

  void Write(const TestIdentity& identity) const {
    dir_.Write("server.crt", identity.certificate);
    dir_.Write("server.key", identity.key);
  }

  // Looks twice: a change must have settled.
  absl::StatusOr<bool> Reload() {
    const auto first = identity_->Reload();
    EXPECT_TRUE(first.ok() && !*first) << first.status();
    return identity_->Reload();
  }

  // A connection of its own, by a client that trusts `authority`.
  std::shared_ptr<grpc::Channel> Connect(const TestAuthority& authority,
                                         const TestIdentity& client = {}) const {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = authority.certificate();
    options.pem_cert_chain = client.certificate;
    options.pem_private_key = client.key;
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port_), grpc::SslCredentials(options),
                                     arguments);
  }

  grpc::Status Call(const TestAuthority& authority, const TestIdentity& client = {}) const {
    return Ask(Connect(authority, client)).status;
  }

  const TempDir dir_;
  TestAuthority authority_;
  TestAuthority clients_;
  EmptyCatalog service_;
  std::unique_ptr<TlsIdentity> identity_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(TlsIdentityTest, ServesThoseWhoTrustItsAuthorityAlone) {
  Serve();
  EXPECT_TRUE(Call(authority_).ok());
  EXPECT_EQ(Call(clients_).error_code(), grpc::UNAVAILABLE);
}

TEST_F(TlsIdentityTest, NewConnectionsGetTheNewCertificate) {
  Serve();
  TestAuthority next;
  Write(next.Issue("second"));
  EXPECT_TRUE(Call(authority_).ok());
  const auto reloaded = Reload();
  ASSERT_TRUE(reloaded.ok()) << reloaded.status();
  EXPECT_TRUE(*reloaded);
  EXPECT_TRUE(Call(next).ok());
  EXPECT_EQ(Call(authority_).error_code(), grpc::UNAVAILABLE);
}

TEST_F(TlsIdentityTest, FilesThatDoNotFitChangeNothing) {
  Serve();
  const TestIdentity next = authority_.Issue("next");
  dir_.Write("server.crt", next.certificate);
  EXPECT_TRUE(absl::IsInvalidArgument(Reload().status()));
  EXPECT_TRUE(Call(authority_).ok());
  dir_.Write("server.key", next.key.substr(0, next.key.size() / 2));
  EXPECT_TRUE(absl::IsInvalidArgument(Reload().status()));
  EXPECT_TRUE(Call(authority_).ok());
  dir_.Write("server.key", next.key);
  EXPECT_TRUE(Reload().value_or(false));
  EXPECT_TRUE(Call(authority_).ok());
}

TEST_F(TlsIdentityTest, WithAClientAuthorityClientsNeedItsCertificate) {
  Serve(/*with_client_ca=*/true);
  EXPECT_TRUE(Call(authority_, clients_.Issue("client")).ok());
  EXPECT_EQ(Call(authority_).error_code(), grpc::UNAVAILABLE);
  EXPECT_EQ(Call(authority_, authority_.Issue("stranger")).error_code(), grpc::UNAVAILABLE);
}

TEST_F(TlsIdentityTest, TheClientAuthorityIsReloadedToo) {
  Serve(/*with_client_ca=*/true);
  TestAuthority next;
  dir_.Write("clients.crt", next.certificate());
  EXPECT_TRUE(Reload().value_or(false));
  EXPECT_TRUE(Call(authority_, next.Issue("client")).ok());
  EXPECT_EQ(Call(authority_, clients_.Issue("client")).error_code(), grpc::UNAVAILABLE);
}

TEST_F(TlsIdentityTest, WrongFilesAtTheStartAreAnError) {
  TlsFiles files;
  files.certificate = dir_.Write("server.crt", authority_.Issue("one").certificate);
  files.key = dir_.Write("server.key", authority_.Issue("other").key);
  EXPECT_TRUE(absl::IsInvalidArgument(TlsIdentity::Open(files).status()));
}

// Callers who call again and again, each on a thread of its own.
class Load {
 public:
  ~Load() { End(); }

  // Adds one who calls `call`.
  void Add(std::function<Answer()> call) {
    callers_.push_back(std::make_unique<Caller>());
    Caller* const caller = callers_.back().get();
    caller->thread = std::thread([this, caller, call = std::move(call)] { Run(caller, call); });
  }

  // Waits until each of them has begun and ended a call since this was called.
  void AwaitCalls() {
    for (const auto& caller : callers_) {
      MutexLock lock(&mutex_);
      const int64_t begun_before = caller->calls + 1;
      while (caller->calls <= begun_before) ended_.Wait(&mutex_);
    }
  }

  // The answer to the last call of each.
  std::vector<Answer> Last() {
    MutexLock lock(&mutex_);
    std::vector<Answer> answers;
    for (const auto& caller : callers_) answers.push_back(caller->last);
    return answers;
  }

  void End() {
    done_ = true;
    for (const auto& caller : callers_) {
      if (caller->thread.joinable()) caller->thread.join();
    }
  }

  // Once they have ended.
  int64_t calls() const { return Sum(&Caller::calls); }
  int64_t failed() const { return Sum(&Caller::failed); }

 private:
  struct Caller {
    int64_t calls = 0;
    int64_t failed = 0;
    Answer last;
    std::thread thread;
  };

  void Run(Caller* caller, const std::function<Answer()>& call) {
    while (!done_) {
      Answer answer = call();
      EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
      MutexLock lock(&mutex_);
      ++caller->calls;
      caller->failed += answer.status.ok() ? 0 : 1;
      caller->last = std::move(answer);
      ended_.SignalAll();
    }
  }

  int64_t Sum(int64_t Caller::*figure) const {
    int64_t sum = 0;
    for (const auto& caller : callers_) sum += (*caller).*figure;
    return sum;
  }

  std::atomic<bool> done_{false};
  Mutex mutex_;
  CondVar ended_;
  std::vector<std::unique_ptr<Caller>> callers_;  // their figures are under the lock while they run
};

// Two callers open a connection for each call, one keeps the first that it got. All trust the server's
// authority; the former show a certificate of the authority of clients that is in force.
class TlsRotationTest : public TlsIdentityTest {
 protected:
  void Begin() {
    Serve(/*with_client_ca=*/true);
    shown_ = clients_.Issue("client 0");
    kept_ = Connect(authority_, shown_);
    first_ = Ask(kept_);
    ASSERT_TRUE(first_.status.ok()) << first_.status.error_message();
    in_force_ = first_.server_certificate;
    for (int i = 0; i < 2; ++i) load_.Add([this] { return AskAnew(); });
    load_.Add([this] { return Ask(kept_); });
  }

  Answer AskAnew() {
    TestIdentity client;
    {
      MutexLock lock(&mutex_);
      while (changing_) moved_.Wait(&mutex_);
      ++connecting_;
      client = shown_;
    }
    Answer answer = Ask(Connect(authority_, client));
    MutexLock lock(&mutex_);
    --connecting_;
    moved_.SignalAll();
    return answer;
  }

  // Everybody calls, and those who connect anew meet the certificate in force.
  void CallAll() {
    load_.AwaitCalls();
    const std::vector<Answer> answers = load_.Last();
    EXPECT_EQ(answers[0].server_certificate, in_force_);
    EXPECT_EQ(answers[1].server_certificate, in_force_);
    EXPECT_EQ(answers[2].peer, first_.peer) << "the kept connection was given up";
  }

  // Until the next change the files do not fit, and calls go on all that time.
  void WriteUnfit(const std::string& name, const std::string& bytes) {
    dir_.Write(name, bytes);
    EXPECT_TRUE(absl::IsInvalidArgument(Reload().status())) << name;
    CallAll();
    ++unfit_;
  }

  void WriteLast(const std::string& name, const std::string& bytes) {
    dir_.Write(name, bytes);
    EXPECT_TRUE(Reload().value_or(false)) << name;
  }

  void RotateServer(int i) {
    const TestIdentity next = authority_.Issue(absl::StrCat("rotation ", i));
    WriteUnfit("server.crt", PartOf(next.certificate, i));
    WriteUnfit("server.crt", next.certificate);
    WriteUnfit("server.key", PartOf(next.key, i));
    WriteLast("server.key", next.key);
    in_force_ = next.certificate;
    CallAll();
  }

  // Nobody connects while the authority changes, and their certificates with it: before and after another one
  // is the right one.
  void RotateClients(int i) {
    TestAuthority next;
    WriteUnfit("clients.crt", PartOf(next.certificate(), i));
    TestIdentity client = next.Issue(absl::StrCat("client ", i + 1));
    {
      MutexLock lock(&mutex_);
      changing_ = true;
      while (connecting_ > 0) moved_.Wait(&mutex_);
      WriteLast("clients.crt", next.certificate());
      std::swap(shown_, client);
      changing_ = false;
      moved_.SignalAll();
    }
    CallAll();
    EXPECT_EQ(Call(authority_, client).error_code(), grpc::UNAVAILABLE) << "of the authority before";
  }

  std::string in_force_;  // the server's certificate
  std::shared_ptr<grpc::Channel> kept_;
  Answer first_;  // on the connection that is kept
  Mutex mutex_;
  CondVar moved_;
  TestIdentity shown_ ABSL_GUARDED_BY(mutex_);
  bool changing_ ABSL_GUARDED_BY(mutex_) = false;
  int connecting_ ABSL_GUARDED_BY(mutex_) = 0;
  int unfit_ = 0;
  Load load_;  // ends before what it uses
};

// RIDGELINE_ROTATIONS=100 for the long form.
TEST_F(TlsRotationTest, NoCallFailsWhileCertificatesAreRotatedHalfWrittenFilesIncluded) {
  const int rotations = Repetitions("RIDGELINE_ROTATIONS", 5);
  ASSERT_NO_FATAL_FAILURE(Begin());
  for (int i = 0; i < rotations; ++i) {
    RotateServer(i);
    RotateClients(i);
  }
  load_.End();
  EXPECT_EQ(unfit_, 4 * rotations);
  EXPECT_GE(load_.calls(), 3 * 6 * rotations);
  EXPECT_EQ(load_.failed(), 0) << "of " << load_.calls();
  ReportFigure(absl::StrCat(rotations, " rotations of certificate, key and client authority, ", unfit_,
                            " times with unfit files: ", load_.failed(), " of ", load_.calls(),
                            " calls failed"));
}

}  // namespace
}  // namespace ridgeline
