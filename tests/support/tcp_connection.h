#ifndef RIDGELINE_TESTS_SUPPORT_TCP_CONNECTION_H_
#define RIDGELINE_TESTS_SUPPORT_TCP_CONNECTION_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "core/base/descriptor.h"
#include "gtest/gtest.h"

namespace ridgeline {

/// What an HTTP/2 client says first: the preface of RFC 9113 and settings that set nothing.
inline constexpr absl::string_view kHttp2Hello("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 33);

/// A connection to a port of this machine that says and takes what it is told to, and nothing by itself.
/// Thread-compatible.
class TcpConnection {
 public:
  /// `address` is "127.0.0.1:PORT".
  explicit TcpConnection(absl::string_view address) {
    int port = 0;
    EXPECT_TRUE(absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port));
    sockaddr_in peer = {};
    peer.sin_family = AF_INET;
    peer.sin_port = htons(static_cast<uint16_t>(port));
    peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(socket_.get(), reinterpret_cast<const sockaddr*>(&peer), sizeof(peer)), 0);
  }

  void Send(absl::string_view bytes) {
    EXPECT_EQ(send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }

  /// Waits for this many bytes; fewer when the peer closes before.
  std::string Receive(size_t count) {
    std::string bytes(count, '\0');
    const ssize_t got = recv(socket_.get(), bytes.data(), count, MSG_WAITALL);
    bytes.resize(got > 0 ? static_cast<size_t>(got) : 0);
    return bytes;
  }

 private:
  const Descriptor socket_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_SUPPORT_TCP_CONNECTION_H_
