#include "client/server_list.h"

#include <algorithm>

#include "absl/time/clock.h"

namespace ridgeline {
namespace {

// Looks after the connection, too, if there is none.
grpc_connectivity_state StateOf(const ServerConnection* server) {
  return server->channel()->GetState(/*try_to_connect=*/true);
}

bool IsConnected(const ServerConnection* server) {
  return StateOf(server) == GRPC_CHANNEL_READY;
}

// Whether the server has a connection once it is known if it can have one.
bool GetsConnection(const ServerConnection* server, absl::Time deadline) {
  for (;;) {
    const grpc_connectivity_state state = StateOf(server);
    if (state != GRPC_CHANNEL_IDLE && state != GRPC_CHANNEL_CONNECTING) return state == GRPC_CHANNEL_READY;
    if (!server->channel()->WaitForStateChange(state, absl::ToChronoTime(deadline))) return false;
  }
}

// How long to wait for a server that is coming back, and for each of them at a time.
constexpr absl::Duration kPatience = absl::Milliseconds(300);
constexpr absl::Duration kLook = absl::Milliseconds(20);

// The first of `servers`, none of which can be reached, that is back by `deadline`; servers.end() when none
// is. gRPC makes a connection only while somebody waits for it, or some seconds later: a pause would not do.
std::vector<ServerConnection*>::iterator AwaitReturn(std::vector<ServerConnection*>& servers,
                                                     absl::Time deadline) {
  for (absl::Time now = absl::Now(); now < deadline; now = absl::Now()) {
    for (auto server = servers.begin(); server != servers.end(); ++server) {
      const absl::Time until = std::min(deadline, absl::Now() + kLook);
      (*server)->channel()->WaitForStateChange(StateOf(*server), absl::ToChronoTime(until));
      if (IsConnected(*server)) return server;
    }
  }
  return servers.end();
}

}  // namespace

std::vector<ServerConnection*> ServerList::InOrder(absl::Time deadline) const {
  std::vector<ServerConnection*> order;
  for (const auto& server : servers_) order.push_back(server.get());
  if (order.size() == 1) return order;  // the call itself connects and waits
  const auto others = std::stable_partition(order.begin(), order.end(), IsConnected);
  if (others != order.begin()) return order;
  auto first = std::find_if(order.begin(), order.end(), [deadline](const ServerConnection* server) {
    return GetsConnection(server, deadline);
  });
  if (first == order.end()) first = AwaitReturn(order, std::min(deadline, absl::Now() + kPatience));
  if (first != order.end()) std::rotate(order.begin(), first, first + 1);
  return order;
}

}  // namespace ridgeline
