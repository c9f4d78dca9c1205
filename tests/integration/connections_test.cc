// More connections than the usual limit of descriptors has room for.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <deque>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "core/base/descriptor.h"
#include "gtest/gtest.h"
#include "tests/integration/server_process.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

constexpr rlim_t kUsualLimit = 256;
constexpr size_t kConnections = 400;

// Sets the soft limit of descriptors, which programs started later inherit, as long as the object lives.
class DescriptorLimit {
 public:
  explicit DescriptorLimit(rlim_t limit) {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit changed = before_;
    changed.rlim_cur = limit;
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &changed), 0);
  }
  ~DescriptorLimit() { setrlimit(RLIMIT_NOFILE, &before_); }
  DescriptorLimit(const DescriptorLimit&) = delete;
  DescriptorLimit& operator=(const DescriptorLimit&) = delete;

 private:
  rlimit before_ = {};
};

// A connection to `address` on this machine that has said nothing yet.
class Connection {
 public:
  explicit Connection(absl::string_view address) {
    int port = 0;
    EXPECT_TRUE(absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port));
    sockaddr_in peer = {};
    peer.sin_family = AF_INET;
    peer.sin_port = htons(static_cast<uint16_t>(port));
    peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(socket_.get(), reinterpret_cast<const sockaddr*>(&peer), sizeof(peer)), 0);
  }

 private:
  const Descriptor socket_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
};

TEST(Connections, SilentOnesBeyondTheUsualLimitOfDescriptorsKeepNobodyElseOut) {
  const TempDir directory;
  absl::StatusOr<ServerProcess> server = absl::InternalError("not started");
  {
    const DescriptorLimit usual(kUsualLimit);
    server = ServerProcess::Start(directory.File("data"), {"--allow-empty-start"});
  }
  ASSERT_TRUE(server.ok()) << server.status();
  std::deque<Connection> silent;
  while (silent.size() < kConnections) silent.emplace_back(server->grpc_address());
  EXPECT_EQ(server->Client({"--timeout", "20s", "status"})->exit_code, 0);
}

}  // namespace
}  // namespace ridgeline
