// More connections than the usual limit of descriptors has room for.

#include <sys/resource.h>

#include <deque>

#include "gtest/gtest.h"
#include "tests/integration/server_process.h"
#include "tests/support/tcp_connection.h"
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

TEST(Connections, SilentOnesBeyondTheUsualLimitOfDescriptorsKeepNobodyElseOut) {
  const TempDir directory;
  absl::StatusOr<ServerProcess> server = absl::InternalError("not started");
  {
    const DescriptorLimit usual(kUsualLimit);
    server = ServerProcess::Start(directory.File("data"), {"--allow-empty-start"});
  }
  ASSERT_TRUE(server.ok()) << server.status();
  std::deque<TcpConnection> silent;
  while (silent.size() < kConnections) silent.emplace_back(server->grpc_address());
  EXPECT_EQ(server->Client({"--timeout", "20s", "status"})->exit_code, 0);
}

}  // namespace
}  // namespace ridgeline
