#ifndef RIDGELINE_SERVER_HTTP_ROUTES_H_
#define RIDGELINE_SERVER_HTTP_ROUTES_H_

#include <map>
#include <string>

#include "server/http_server.h"
#include "server/metrics.h"
#include "server/readiness.h"

namespace ridgeline {

/// What the HTTP port answers:
///   /         what there is
///   /healthz  200 as long as the process answers
///   /readyz   200 while calls should be sent here, else 503
///   /metrics  figures in Prometheus' text format
/// The pointers must outlive the handlers.
std::map<std::string, HttpHandler> MakeHttpRoutes(const Metrics* metrics, const Readiness* readiness);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_HTTP_ROUTES_H_
