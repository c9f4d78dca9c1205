#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/access/access_rules.h"
#include "server/http_guard.h"
#include "server/http_routes.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/memory_file.h"
#include "tests/server/access/test_keys.h"

namespace ridgeline {
namespace {

struct HttpWorld {
  HttpWorld() {
    keys.Write(KeyLine("monitor", "\"reader\"", KeyOf(Role::kReader)));
    access = AccessControl::Open(keys.path()).value();
    guard = MakeHttpGuard(access.get(), nullptr);
    server = HttpServer::Start("127.0.0.1:0", MakeHttpRoutes(&metrics, &readiness), guard).value();
  }

  MemoryFile keys;
  Metrics metrics{"1.2.3"};
  SnapshotHolder snapshots;
  const Readiness readiness{&snapshots, false};
  std::unique_ptr<AccessControl> access;
  HttpGuard guard;
  std::unique_ptr<HttpServer> server;
};

sockaddr_in LoopbackAddress(uint32_t host, int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(host);
  return address;
}

// TEMP_FAILURE_RETRY below: the alarm by which libFuzzer looks for inputs that hang interrupts these calls.

// A connection to `port`, each from the next of 2^16 addresses: one address alone would in seconds have all
// its ports in TIME_WAIT.
int Connect(int port) {
  static uint32_t count = 0;
  const sockaddr_in from = LoopbackAddress(INADDR_LOOPBACK + (1u << 16) + ++count % (1u << 16), 0);
  const sockaddr_in to = LoopbackAddress(INADDR_LOOPBACK, port);
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(connection, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof(yes));
  Require(bind(connection, reinterpret_cast<const sockaddr*>(&from), sizeof(from)) == 0,
          absl::StrCat("a loopback address can be bound, errno ", errno));
  const int connected =
      TEMP_FAILURE_RETRY(connect(connection, reinterpret_cast<const sockaddr*>(&to), sizeof(to)));
  Require(connected == 0, absl::StrCat("the server goes on listening, errno ", errno));
  return connection;
}

// All that the server says to `bytes` and the end of them.
std::string Exchange(int port, absl::string_view bytes) {
  const int connection = Connect(port);
  // It may close before it has read all.
  while (!bytes.empty()) {
    const ssize_t sent = TEMP_FAILURE_RETRY(send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL));
    if (sent <= 0) break;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  shutdown(connection, SHUT_WR);
  std::string answer;
  char buffer[4096];
  for (ssize_t got; (got = TEMP_FAILURE_RETRY(recv(connection, buffer, sizeof(buffer), 0))) > 0;) {
    answer.append(buffer, static_cast<size_t>(got));
  }
  close(connection);
  return answer;
}

absl::string_view BodyOf(absl::string_view answer) {
  constexpr absl::string_view kEndOfHeaders = "\r\n\r\n";
  const size_t end = answer.find(kEndOfHeaders);
  return end == absl::string_view::npos ? "" : answer.substr(end + kEndOfHeaders.size());
}

// What load balancers may see, who have no key.
bool IsForAll(absl::string_view body) {
  return body.empty() || body == "ok\n";
}

// Lines of a request as the guard gets them, without a server between.
void CheckGuard(const HttpGuard& guard, absl::string_view input) {
  const size_t line_end = input.find('\n');
  HttpRequest request;
  request.method = "GET";
  request.path = std::string(input.substr(0, line_end));
  if (line_end != absl::string_view::npos) request.authorization = std::string(input.substr(line_end + 1));
  const AccessRule* rule = FindRule(RouteRules(), request.path);
  const absl::Status allowed = guard(request);
  RequireExplained(allowed);
  if (!allowed.ok()) return;
  Require(rule != nullptr, "what has no rule is for nobody");
  Require(!rule->role.has_value() || (request.authorization.has_value() &&
                                      absl::StrContains(*request.authorization, KeyOf(Role::kReader))),
          "nobody gets in without a key");
}

// Any bytes to the HTTP port: an answer of HTTP or none, and nothing for those without a key that is not for
// all.
RIDGELINE_FUZZ_TARGET(http) {
  static HttpWorld& world = *new HttpWorld();
  CheckGuard(world.guard, input);
  const std::string answer = Exchange(world.server->port(), input);
  Require(answer.empty() || absl::StartsWith(answer, "HTTP/"),
          absl::StrCat("what answers is an HTTP server, got ", answer.substr(0, 80)));
  if (absl::StrContains(input, KeyOf(Role::kReader))) return;
  // Not by what stands in the answer, since an error repeats what it is about.
  const bool succeeded = absl::StartsWith(answer, "HTTP/1.1 2");
  Require(!succeeded || IsForAll(BodyOf(answer)), "nobody sees more than the health without a key");
}

}  // namespace
}  // namespace ridgeline
