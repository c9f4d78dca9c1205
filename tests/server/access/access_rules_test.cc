#include "server/access/access_rules.h"

#include <set>
#include <string>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "tests/server/access/schema.h"

namespace ridgeline {
namespace {

TEST(AccessRules, EveryMethodOfTheSchemaHasTheRuleItShould) {
  int methods = 0;
  for (const auto* method : MethodsOfTheSchema()) {
    const AccessRule* rule = FindRule(MethodRules(), PathOf(*method));
    ASSERT_NE(rule, nullptr) << PathOf(*method) << " has no rule in server/access/access_rules.cc";
    ASSERT_TRUE(rule->role.has_value()) << PathOf(*method) << " is open";
    EXPECT_EQ(*rule->role, NeededRole(*method)) << PathOf(*method);
    ++methods;
  }
  EXPECT_GE(methods, 25);
}

TEST(AccessRules, NoRuleIsOfAMethodThatIsGone) {
  std::set<std::string> paths;
  for (const auto* method : MethodsOfTheSchema()) paths.insert(PathOf(*method));
  for (const AccessRule& rule : MethodRules()) {
    if (absl::StartsWith(rule.path, "/grpc.health.v1.")) continue;
    EXPECT_EQ(paths.erase(std::string(rule.path)), 1u) << rule.path;
  }
}

TEST(AccessRules, WhatChangesTheServerIsAuditedButForRecording) {
  for (const auto* method : MethodsOfTheSchema()) {
    const bool changes = NeededRole(*method) != Role::kReader && method->name() != "RecordInteractions";
    EXPECT_EQ(FindRule(MethodRules(), PathOf(*method))->audited, changes) << PathOf(*method);
  }
}

TEST(AccessRules, OnlyHealthIsOpen) {
  std::set<std::string> open;
  for (const auto rules : {MethodRules(), RouteRules()}) {
    for (const AccessRule& rule : rules) {
      if (!rule.role.has_value()) open.insert(std::string(rule.path));
    }
  }
  EXPECT_EQ(open, (std::set<std::string>{"/grpc.health.v1.Health/Check", "/grpc.health.v1.Health/Watch",
                                         "/healthz", "/readyz"}));
}

TEST(AccessRules, WhatIsNotListedHasNoRule) {
  for (const char* path : {"", "/", "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                           "/ridgeline.v1.ModelService/GetModel/", "/ridgeline.v1.ModelService/getModel",
                           "ridgeline.v1.ModelService/GetModel", "/ridgeline.v2.ModelService/GetModel"}) {
    EXPECT_EQ(FindRule(MethodRules(), path), nullptr) << path;
  }
  EXPECT_EQ(FindRule(RouteRules(), "/metrics/"), nullptr);
}

}  // namespace
}  // namespace ridgeline
