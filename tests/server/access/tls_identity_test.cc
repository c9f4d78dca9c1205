#include "server/access/tls_identity.h"

#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ridgeline/v1/catalog_service.grpc.pb.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_certificates.h"

namespace ridgeline {
namespace {

class EmptyCatalog final : public v1::CatalogService::CallbackService {
 public:
  grpc::ServerUnaryReactor* GetItem(grpc::CallbackServerContext* context,
                                    const v1::GetItemRequest* /*request*/, v1::Item* /*item*/) override {
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

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

  // A call on a connection of its own, by a client that trusts `authority`.
  grpc::Status Call(const TestAuthority& authority, const TestIdentity& client = {}) const {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = authority.certificate();
    options.pem_cert_chain = client.certificate;
    options.pem_private_key = client.key;
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    const auto channel = grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port_),
                                                   grpc::SslCredentials(options), arguments);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(2));
    v1::Item item;
    return v1::CatalogService::NewStub(channel)->GetItem(&context, v1::GetItemRequest(), &item);
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

// RIDGELINE_ROTATIONS=100 for the long form.
TEST_F(TlsIdentityTest, NoCallFailsWhileCertificatesAreRotatedHalfWrittenFilesIncluded) {
  Serve();
  int rotations = 5;
  const char* wanted = std::getenv("RIDGELINE_ROTATIONS");
  if (wanted != nullptr) {
    ASSERT_TRUE(absl::SimpleAtoi(wanted, &rotations));
  }
  std::atomic<bool> done{false};
  std::atomic<int64_t> calls{0};
  std::atomic<int64_t> failed{0};
  const auto call = [&] {
    while (!done) {
      const grpc::Status status = Call(authority_);
      ++calls;
      if (status.ok()) continue;
      ++failed;
      ADD_FAILURE() << status.error_message();
    }
  };
  std::thread first(call);
  std::thread second(call);
  int taken_up = 0;
  int refused = 0;
  for (int i = 0; i < rotations; ++i) {
    const TestIdentity next = authority_.Issue(absl::StrCat("rotation ", i));
    const int64_t before = calls;
    dir_.Write("server.crt", next.certificate.substr(0, next.certificate.size() * (i % 10) / 10));
    refused += Reload().ok() ? 0 : 1;
    dir_.Write("server.crt", next.certificate);
    refused += Reload().ok() ? 0 : 1;
    dir_.Write("server.key", next.key.substr(0, next.key.size() * (i % 7) / 7));
    refused += Reload().ok() ? 0 : 1;
    dir_.Write("server.key", next.key);
    taken_up += Reload().value_or(false) ? 1 : 0;
    // Each certificate is met by handshakes of its own.
    while (calls < before + 4) std::this_thread::yield();
  }
  done = true;
  first.join();
  second.join();
  EXPECT_EQ(taken_up, rotations);
  EXPECT_EQ(refused, 3 * rotations);
  EXPECT_EQ(failed, 0) << "of " << calls;
  RecordProperty("calls", absl::StrCat(calls.load()));
}

}  // namespace
}  // namespace ridgeline
