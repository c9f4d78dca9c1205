#include "server/http_routes.h"

#include "absl/strings/str_cat.h"
#include "server/version.h"

namespace ridgeline {
namespace {

HttpResponse Text(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

std::string Index() {
  return absl::StrCat("ridgeline-server ", kSoftwareVersion,
                      "\n\n"
                      "/healthz  200 as long as the process answers\n"
                      "/readyz   200 while calls should be sent here, else 503\n"
                      "/metrics  figures for Prometheus\n");
}

}  // namespace

std::map<std::string, HttpHandler> MakeHttpRoutes(const Metrics* metrics, const Readiness* readiness) {
  std::map<std::string, HttpHandler> routes;
  routes["/"] = [] { return Text(200, Index()); };
  routes["/healthz"] = [] { return Text(200, "ok\n"); };
  routes["/readyz"] = [readiness] {
    return readiness->ready() ? Text(200, "ready\n") : Text(503, "not ready: no model, or shutting down\n");
  };
  routes["/metrics"] = [metrics] {
    HttpResponse response = Text(200, metrics->Serialize());
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    return response;
  };
  return routes;
}

}  // namespace ridgeline
