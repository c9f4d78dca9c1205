#include "server/http_server.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/http_client.h"

namespace ridgeline {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

std::unique_ptr<HttpServer> StartHello() {
  auto server = HttpServer::Start("127.0.0.1:0", {{"/hello",
                                                   [] {
                                                     return HttpResponse{200, "text/plain", "hi\n"};
                                                   }},
                                                  {"/down", [] {
                                                     return HttpResponse{503, "text/plain", "no\n"};
                                                   }}});
  EXPECT_TRUE(server.ok()) << server.status();
  return *std::move(server);
}

TEST(HttpServer, AnswersItsPaths) {
  const auto server = StartHello();
  ASSERT_GT(server->port(), 0);
  const std::string hello = Http(server->port(), "GET", "/hello");
  EXPECT_THAT(hello, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(hello, HasSubstr("Content-Length: 3\r\n"));
  EXPECT_THAT(hello, EndsWith("\r\n\r\nhi\n"));
  EXPECT_THAT(Http(server->port(), "GET", "/down"), StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  EXPECT_THAT(Http(server->port(), "GET", "/hello?with=query"), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST(HttpServer, RefusesOtherPathsAndMethods) {
  const auto server = StartHello();
  for (const char* path : {"/", "/hello/more", "/../etc/passwd", "/%2e%2e/etc/passwd", "/hell"}) {
    EXPECT_THAT(Http(server->port(), "GET", path), StartsWith("HTTP/1.1 4")) << path;
  }
  EXPECT_THAT(Http(server->port(), "POST", "/hello"), StartsWith("HTTP/1.1 405 Method Not Allowed\r\n"));
  EXPECT_THAT(Http(server->port(), "HEAD", "/hello"), EndsWith("\r\n\r\n"));
}

TEST(HttpServer, OutlivesBrokenRequests) {
  const auto server = StartHello();
  Exchange(server->port(), std::string("\0\xff\r\n\r\n", 6));
  Exchange(server->port(), absl::StrCat("GET /", std::string(100'000, 'x'), " HTTP/1.1\r\n\r\n"));
  EXPECT_THAT(Http(server->port(), "GET", "/hello"), StartsWith("HTTP/1.1 200"));
}

TEST(HttpServer, AnOccupiedPortIsAnError) {
  const auto first = StartHello();
  const auto second = HttpServer::Start(absl::StrCat("127.0.0.1:", first->port()), {});
  ASSERT_TRUE(absl::IsUnavailable(second.status()));
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(absl::StrCat("127.0.0.1:", first->port())));
}

TEST(HttpServer, RefusesAddressesOfAnotherForm) {
  for (const char* address : {"", "8080", ":8080", "localhost", "127.0.0.1:", "127.0.0.1:x",
                              "127.0.0.1:70000", "127.0.0.1:80,90", "127.0.0.1:-1"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(HttpServer::Start(address, {}).status())) << address;
  }
}

TEST(HttpServer, ClosesItsPortWhenItStops) {
  const auto server = StartHello();
  const int port = server->port();
  server->Stop();
  server->Stop();
  EXPECT_EQ(Http(port, "GET", "/hello"), "");
}

}  // namespace
}  // namespace ridgeline
