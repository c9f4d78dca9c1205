#include "server/http_server.h"

#include <civetweb.h>

#include <array>
#include <atomic>
#include <iterator>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

// Monitoring and people ask here, not users; a slow or endless request must not take a thread for long.
constexpr const char* kLimits[] = {
    "num_threads",           "4", "connection_queue", "32",    "request_timeout_ms",       "5000",
    "keep_alive_timeout_ms", "0", "max_request_size", "16384", "enable_directory_listing", "no",
};

// "[::1]:8080" and "127.0.0.1:8080"; the last colon is before the port.
absl::Status CheckAddress(absl::string_view address) {
  const size_t colon = address.rfind(':');
  int port = -1;
  const bool has_port = colon != absl::string_view::npos && colon > 0 &&
                        absl::SimpleAtoi(address.substr(colon + 1), &port) && port >= 0 && port <= 65535;
  // civetweb takes lists of ports and suffixes, which are not ours to offer.
  if (has_port && address.find_first_of(", +") == absl::string_view::npos) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("\"", address, "\" is not an address of the form host:port"));
}

const char* ReasonOf(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 429:
      return "Too Many Requests";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

void Send(const HttpResponse& response, bool with_body, mg_connection* connection) {
  mg_printf(connection,
            "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nCache-Control: no-store\r\n"
            "X-Content-Type-Options: nosniff\r\n%sConnection: close\r\n\r\n",
            response.status, ReasonOf(response.status), response.content_type.c_str(), response.body.size(),
            response.status == 401 ? "WWW-Authenticate: Bearer\r\n" : "");
  if (with_body) mg_write(connection, response.body.data(), response.body.size());
}

int CodeOf(const absl::Status& refusal) {
  if (absl::IsUnauthenticated(refusal)) return 401;
  return absl::IsResourceExhausted(refusal) ? 429 : 403;
}

HttpRequest RequestOf(const mg_connection* connection) {
  const mg_request_info* info = mg_get_request_info(connection);
  HttpRequest request;
  request.method = info->request_method;
  request.path = info->local_uri == nullptr ? "" : info->local_uri;
  request.peer = absl::StrCat(info->remote_addr, ":", info->remote_port);
  const char* authorization = mg_get_header(connection, "Authorization");
  if (authorization != nullptr) request.authorization = authorization;
  return request;
}

}  // namespace

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const std::string& address,
                                                              std::map<std::string, HttpHandler> handlers,
                                                              HttpGuard guard) {
  RIDGELINE_RETURN_IF_ERROR(CheckAddress(address));
  std::unique_ptr<HttpServer> server(new HttpServer(std::move(handlers), std::move(guard)));
  RIDGELINE_RETURN_IF_ERROR(server->Listen(address));
  return server;
}

HttpServer::~HttpServer() {
  Stop();
}

void HttpServer::Stop() {
  if (context_ == nullptr) return;
  std::atomic<bool> stopped{false};
  std::thread waker([this, &stopped] {
    while (!stopped) WakeAccept();
  });
  mg_stop(std::exchange(context_, nullptr));
  stopped = true;
  waker.join();
  mg_exit_library();
}

// civetweb looks whether it shall stop only once in two seconds, and whenever somebody connects.
void HttpServer::WakeAccept() const {
  std::array<char, 64> error = {};
  mg_connection* connection = mg_connect_client(host_.c_str(), port_, 0, error.data(), error.size());
  if (connection != nullptr) mg_close_connection(connection);
  absl::SleepFor(absl::Milliseconds(5));
}

absl::Status HttpServer::Listen(const std::string& address) {
  std::vector<const char*> options = {"listening_ports", address.c_str()};
  options.insert(options.end(), std::begin(kLimits), std::end(kLimits));
  options.push_back(nullptr);
  mg_callbacks callbacks = {};
  callbacks.log_message = &HttpServer::OnLogMessage;
  std::array<char, 256> text = {};
  mg_init_data init = {&callbacks, this, options.data()};
  mg_error_data error = {};
  error.text = text.data();
  error.text_buffer_size = text.size();
  mg_init_library(MG_FEATURES_DEFAULT);
  context_ = mg_start2(&init, &error);
  if (context_ == nullptr) {
    mg_exit_library();
    return absl::UnavailableError(absl::StrCat("cannot listen on ", address, ": ", text.data()));
  }
  mg_set_request_handler(context_, "/", &HttpServer::OnRequest, this);
  mg_server_port listening = {};
  if (mg_get_server_ports(context_, 1, &listening) == 1) port_ = listening.port;
  host_ = absl::StrReplaceAll(address.substr(0, address.rfind(':')), {{"[", ""}, {"]", ""}});
  return absl::OkStatus();
}

int HttpServer::OnRequest(mg_connection* connection, void* server) {
  const HttpRequest request = RequestOf(connection);
  const HttpResponse response = static_cast<HttpServer*>(server)->Answer(request);
  Send(response, request.method != "HEAD", connection);
  return response.status;
}

// What civetweb has to say of a client's broken request is of no use to the operator.
int HttpServer::OnLogMessage(const mg_connection* /*connection*/, const char* /*message*/) {
  return 1;
}

HttpResponse HttpServer::Answer(const HttpRequest& request) const {
  if (guard_ != nullptr) {
    const absl::Status allowed = guard_(request);
    if (!allowed.ok()) {
      return {CodeOf(allowed), "text/plain; charset=utf-8", absl::StrCat(allowed.message(), "\n")};
    }
  }
  const auto found = handlers_.find(request.path);
  if (found == handlers_.end()) return {404, "text/plain; charset=utf-8", "no such path\n"};
  if (request.method != "GET" && request.method != "HEAD")
    return {405, "text/plain; charset=utf-8", "only GET and HEAD\n"};
  return found->second();
}

}  // namespace ridgeline
