#ifndef RIDGELINE_CLIENT_SERVER_LIST_H_
#define RIDGELINE_CLIENT_SERVER_LIST_H_

#include <memory>
#include <vector>

#include "absl/time/time.h"
#include "client/server_connection.h"

namespace ridgeline {

/// The servers of a client, the preferred one first: a call goes to the first that can be reached. So clients
/// with the same list use the same server, and what one of them records the others read. Thread-safe.
class ServerList {
 public:
  /// At least one.
  explicit ServerList(std::vector<std::unique_ptr<ServerConnection>> servers)
      : servers_(std::move(servers)) {}

  /// All servers in the order in which a call is to ask them: those that have a connection come first. While
  /// several are tried and none has one, waits, until `deadline` at most, for the first that gets one; where
  /// none can be reached, 0.3 s for one that comes back. Looks after the connections of all, so that the next
  /// server is at hand when the first goes.
  std::vector<ServerConnection*> InOrder(absl::Time deadline) const;

 private:
  const std::vector<std::unique_ptr<ServerConnection>> servers_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_SERVER_LIST_H_
