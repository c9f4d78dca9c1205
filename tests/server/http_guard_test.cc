#include "server/http_guard.h"

#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/access/access_rules.h"
#include "server/http_routes.h"
#include "tests/server/access/test_keys.h"
#include "tests/server/http_client.h"
#include "tests/server/world.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Who may ask for what, said a second time, so that a rule that lets in too many is seen.
std::map<std::string, absl::optional<Role>> NeededRoles() {
  return {{"/", Role::kReader},
          {"/healthz", absl::nullopt},
          {"/readyz", absl::nullopt},
          {"/metrics", Role::kReader}};
}

class HttpGuardTest : public testing::Test {
 protected:
  HttpGuardTest() {
    world_.Serve();
    access_ = *AccessControl::Open(dir_.Write("keys", OneKeyARole()));
    server_ = *HttpServer::Start("127.0.0.1:0", MakeHttpRoutes(&world_.metrics, &readiness_),
                                 MakeHttpGuard(access_.get(), nullptr));
  }

  std::string Get(const std::string& path, const std::string& authorization = "") {
    const std::string header =
        authorization.empty() ? "" : absl::StrCat("Authorization: ", authorization, "\r\n");
    return Exchange(server_->port(), absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: a\r\n", header, "\r\n"));
  }

  const TempDir dir_;
  World world_;
  const Readiness readiness_{&world_.snapshots, false};
  std::unique_ptr<AccessControl> access_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpGuardTest, EveryRouteAnswersThoseAloneWhoMayAsk) {
  for (const auto& [path, needed] : NeededRoles()) {
    EXPECT_THAT(Get(path), StartsWith(needed.has_value() ? "HTTP/1.1 401 " : "HTTP/1.1 200 ")) << path;
    EXPECT_THAT(Get(path, "Bearer nobody"),
                StartsWith(needed.has_value() ? "HTTP/1.1 401 " : "HTTP/1.1 200 "))
        << path;
    for (const Role role : kRoles) {
      const bool allowed = !needed.has_value() || role == *needed || role == Role::kAdmin;
      EXPECT_THAT(Get(path, absl::StrCat("Bearer ", KeyOf(role))),
                  StartsWith(allowed ? "HTTP/1.1 200 " : "HTTP/1.1 403 "))
          << path << " as " << RoleName(role);
    }
  }
}

TEST_F(HttpGuardTest, EveryPathThatIsServedHasARuleAndAnExpectedRole) {
  std::set<std::string> served;
  for (const auto& [path, handler] : MakeHttpRoutes(&world_.metrics, &readiness_)) served.insert(path);
  std::set<std::string> ruled;
  for (const AccessRule& rule : RouteRules()) ruled.emplace(rule.path);
  std::set<std::string> expected;
  for (const auto& [path, role] : NeededRoles()) expected.insert(path);
  EXPECT_EQ(ruled, served) << "server/access/access_rules.cc beside server/http_routes.cc";
  EXPECT_EQ(expected, served) << "NeededRoles beside server/http_routes.cc";
}

TEST_F(HttpGuardTest, OtherPathsAreForNobody) {
  for (const char* path : {"/none", "/metrics/", "/admin", "/healthz/x"}) {
    EXPECT_THAT(Get(path), StartsWith("HTTP/1.1 401 ")) << path;
    EXPECT_THAT(Get(path, absl::StrCat("Bearer ", KeyOf(Role::kAdmin))), StartsWith("HTTP/1.1 403 ")) << path;
  }
}

TEST_F(HttpGuardTest, ADenialNamesTheSchemeAndNotTheKey) {
  const std::string answer = Get("/metrics", "Bearer rk_planted");
  EXPECT_THAT(answer, HasSubstr("\r\nWWW-Authenticate: Bearer\r\n"));
  EXPECT_THAT(answer, Not(HasSubstr("rk_planted")));
}

TEST(HttpGuard, WithoutKeysThereIsNone) {
  EXPECT_EQ(MakeHttpGuard(nullptr, nullptr), nullptr);
}

}  // namespace
}  // namespace ridgeline
