#include "server/http_routes.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/world.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

TEST(HttpRoutes, ReadyOnlyOnceAModelIsLoaded) {
  World world;
  const Readiness readiness(&world.snapshots, false);
  auto routes = MakeHttpRoutes(&world.metrics, &readiness);
  EXPECT_EQ(routes["/healthz"]().status, 200);
  EXPECT_EQ(routes["/readyz"]().status, 503);
  world.Serve();
  EXPECT_EQ(routes["/readyz"]().status, 200);
}

TEST(HttpRoutes, MetricsHaveTheFormatsContentType) {
  World world;
  const Readiness readiness(&world.snapshots, false);
  auto routes = MakeHttpRoutes(&world.metrics, &readiness);
  EXPECT_EQ(routes["/metrics"]().content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(routes["/metrics"]().body, HasSubstr("ridgeline_build_info"));
}

TEST(HttpRoutes, TheIndexNamesEveryPath) {
  World world;
  const Readiness readiness(&world.snapshots, false);
  auto routes = MakeHttpRoutes(&world.metrics, &readiness);
  for (const auto& [path, handler] : routes) EXPECT_THAT(routes["/"]().body, HasSubstr(path));
}

}  // namespace
}  // namespace ridgeline
