#include "client/server_list.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "gtest/gtest.h"
#include "tests/client/fake_server.h"

namespace ridgeline {
namespace {

// Takes connections and never says a word.
class SilentServer {
 public:
  SilentServer() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    bind(socket_, reinterpret_cast<sockaddr*>(&address), size);
    listen(socket_, 16);
    getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~SilentServer() { close(socket_); }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;

  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

 private:
  const int socket_;
  int port_ = 0;
};

absl::Time Soon() {
  return absl::Now() + absl::Seconds(60);
}

// A list of these; connecting fails after a second at most.
ServerList ListOf(const std::vector<std::string>& addresses) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1'000);
  std::vector<std::unique_ptr<ServerConnection>> servers;
  for (const std::string& address : addresses) {
    servers.push_back(std::make_unique<ServerConnection>(
        grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments)));
  }
  return ServerList(std::move(servers));
}

bool IsConnected(ServerConnection* server) {
  return server->channel()->GetState(/*try_to_connect=*/false) == GRPC_CHANNEL_READY;
}

std::string AddressOfNobody() {
  return FakeServer().address();
}

TEST(ServerList, PrefersTheFirst) {
  FakeServer first, second;
  const ServerList servers = ListOf({first.address(), second.address()});
  const std::vector<ServerConnection*> order = servers.InOrder(Soon());
  ASSERT_EQ(order.size(), 2u);
  EXPECT_TRUE(IsConnected(order[0]));
  // Also once both are connected.
  EXPECT_TRUE(order[1]->channel()->WaitForConnected(absl::ToChronoTime(Soon())));
  EXPECT_EQ(servers.InOrder(Soon()), order);
}

TEST(ServerList, PutsTheServerThatIsThereFirst) {
  FakeServer there;
  const ServerList servers = ListOf({AddressOfNobody(), AddressOfNobody(), there.address()});
  const std::vector<ServerConnection*> order = servers.InOrder(Soon());
  ASSERT_EQ(order.size(), 3u);
  EXPECT_TRUE(IsConnected(order[0]));
}

TEST(ServerList, DoesNotWaitForAServerThatSaysNothing) {
  const SilentServer silent;
  FakeServer there;
  const ServerList servers = ListOf({silent.address(), there.address()});
  EXPECT_TRUE(IsConnected(servers.InOrder(Soon())[0]));
}

TEST(ServerList, KeepsItsOrderWhenNobodyIsThere) {
  const ServerList servers = ListOf({AddressOfNobody(), AddressOfNobody()});
  const std::vector<ServerConnection*> order = servers.InOrder(Soon());
  EXPECT_EQ(order.size(), 2u);
  EXPECT_EQ(servers.InOrder(Soon()), order);
}

TEST(ServerList, WaitsNoLongerThanItIsTold) {
  const SilentServer silent, other;
  const ServerList servers = ListOf({silent.address(), other.address()});
  EXPECT_EQ(servers.InOrder(absl::Now()).size(), 2u);
}

TEST(ServerList, LeavesConnectingToTheCallWhenThereIsOneServer) {
  const SilentServer silent;
  const ServerList servers = ListOf({silent.address()});
  EXPECT_EQ(servers.InOrder(absl::InfiniteFuture()).size(), 1u);
}

}  // namespace
}  // namespace ridgeline
