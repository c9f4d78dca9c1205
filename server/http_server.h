#ifndef RIDGELINE_SERVER_HTTP_SERVER_H_
#define RIDGELINE_SERVER_HTTP_SERVER_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"

struct mg_context;
struct mg_connection;

namespace ridgeline {

/// What goes back to an HTTP client.
struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

/// What an HTTP client asks for.
struct HttpRequest {
  std::string method;
  std::string path;
  std::string peer;                           ///< address and port of the client
  absl::optional<std::string> authorization;  ///< the header
};

/// Whether a request may be answered; called by several threads at once. kUnauthenticated becomes 401,
/// kPermissionDenied 403, kResourceExhausted 429, each with the message.
using HttpGuard = std::function<absl::Status(const HttpRequest&)>;

/// Answers GET of one path; called by several threads at once.
using HttpHandler = std::function<HttpResponse()>;

/// A small HTTP/1.1 server on civetweb: fixed paths, GET and HEAD only, bodies of requests not read, bounded
/// headers, threads and times. Thread-safe.
class HttpServer {
 public:
  /// Listens on `address`, "host:port" or "[host]:port"; port 0 takes a free one. `handlers` are by path.
  /// `guard` is asked first, also about other paths; without one everything is allowed. kUnavailable when it
  /// cannot listen there, kInvalidArgument when the address has another form.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(const std::string& address,
                                                           std::map<std::string, HttpHandler> handlers,
                                                           HttpGuard guard = nullptr);

  /// Stops.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// The port that it listens on.
  int port() const { return port_; }

  /// Ends the answers under way and closes the port. Idempotent, but not to be called by two threads at once.
  void Stop();

 private:
  HttpServer(std::map<std::string, HttpHandler> handlers, HttpGuard guard)
      : handlers_(std::move(handlers)), guard_(std::move(guard)) {}

  static int OnRequest(mg_connection* connection, void* server);
  static int OnLogMessage(const mg_connection* connection, const char* message);
  void WakeAccept() const;
  absl::Status Listen(const std::string& address);
  HttpResponse Answer(const HttpRequest& request) const;

  const std::map<std::string, HttpHandler> handlers_;
  const HttpGuard guard_;
  mg_context* context_ = nullptr;
  std::string host_;
  int port_ = 0;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_HTTP_SERVER_H_
