#include "server/access/access_control.h"

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/access/schema.h"
#include "tests/server/access/test_keys.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::Not;

class AccessControlTest : public testing::Test {
 protected:
  AccessControlTest() {
    auto control = AccessControl::Open(dir_.Write("keys", OneKeyARole()));
    EXPECT_TRUE(control.ok()) << control.status();
    control_ = *std::move(control);
  }

  AccessDecision Decide(const std::string& path, absl::optional<absl::string_view> authorization) const {
    return control_->Decide(FindRule(MethodRules(), path), path, authorization);
  }

  absl::Status DecideAs(const std::string& key) const {
    return Decide("/ridgeline.v1.ModelService/GetModel", absl::StrCat("Bearer ", key)).status;
  }

  // Looks twice: a change must have settled.
  absl::StatusOr<bool> Reload() {
    const auto first = control_->Reload();
    EXPECT_TRUE(first.ok() && !*first) << first.status();
    return control_->Reload();
  }

  const TempDir dir_;
  std::unique_ptr<AccessControl> control_;
};

TEST_F(AccessControlTest, EveryMethodIsForItsRoleAndAdminsAlone) {
  for (const auto* method : MethodsOfTheSchema()) {
    const std::string path = PathOf(*method);
    for (const Role role : kRoles) {
      const AccessDecision decision = Decide(path, absl::StrCat("Bearer ", KeyOf(role)));
      const bool allowed = role == NeededRole(*method) || role == Role::kAdmin;
      EXPECT_EQ(decision.status.code(), allowed ? absl::StatusCode::kOk : absl::StatusCode::kPermissionDenied)
          << path << " as " << RoleName(role);
      ASSERT_NE(decision.client, nullptr);
      EXPECT_EQ(decision.client->name, RoleName(role));
    }
  }
}

TEST_F(AccessControlTest, EveryMethodIsClosedToStrangers) {
  for (const auto* method : MethodsOfTheSchema()) {
    for (const auto& authorization : std::vector<absl::optional<absl::string_view>>{
             absl::nullopt, "", "Bearer", "Bearer ", "Bearer rk_of_nobody", "Basic dTpw",
             "rk_test_key_of_the_admin"}) {
      const AccessDecision decision = Decide(PathOf(*method), authorization);
      EXPECT_TRUE(absl::IsUnauthenticated(decision.status)) << decision.status;
      EXPECT_EQ(decision.client, nullptr);
    }
  }
}

TEST_F(AccessControlTest, WhatHasNoRuleIsForNobody) {
  const std::string path = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
  EXPECT_TRUE(absl::IsUnauthenticated(Decide(path, absl::nullopt).status));
  for (const Role role : kRoles) {
    EXPECT_TRUE(absl::IsPermissionDenied(Decide(path, absl::StrCat("Bearer ", KeyOf(role))).status));
  }
}

TEST_F(AccessControlTest, HealthIsOpenToAllAndAsksNobodysName) {
  const AccessDecision decision = Decide("/grpc.health.v1.Health/Check", absl::nullopt);
  EXPECT_TRUE(decision.status.ok());
  EXPECT_EQ(decision.client, nullptr);
}

TEST_F(AccessControlTest, DenialsSayWhatIsMissingAndRepeatNoKey) {
  const absl::Status denied =
      Decide("/ridgeline.v1.InteractionService/DeleteUser", absl::StrCat("Bearer ", KeyOf(Role::kReader)))
          .status;
  for (const char* text : {"/ridgeline.v1.InteractionService/DeleteUser", "role admin", "'reader'"}) {
    EXPECT_THAT(std::string(denied.message()), HasSubstr(text));
  }
  EXPECT_THAT(denied.ToString(), Not(HasSubstr(KeyOf(Role::kReader))));
  EXPECT_THAT(DecideAs("rk_planted").ToString(), Not(HasSubstr("rk_planted")));
}

TEST_F(AccessControlTest, AChangedFileCountsOnceItHasSettled) {
  EXPECT_FALSE(*control_->Reload());
  dir_.Write("keys", KeyLine("new", "\"reader\"", "rk_new"));
  EXPECT_TRUE(absl::IsUnauthenticated(DecideAs("rk_new")));
  const auto reloaded = Reload();
  ASSERT_TRUE(reloaded.ok()) << reloaded.status();
  EXPECT_TRUE(*reloaded);
  EXPECT_TRUE(DecideAs("rk_new").ok());
  EXPECT_TRUE(absl::IsUnauthenticated(DecideAs(KeyOf(Role::kReader))));
}

TEST_F(AccessControlTest, AClientsCountsOutliveAReloadAndItsLimitsDoNot) {
  const auto line = [](int calls) {
    return KeyLine("a", "\"reader\"", "rk_a",
                   absl::StrCat(", \"limits\": {\"calls_in_flight\": ", calls, "}"));
  };
  const auto client = [this] { return Decide("/ridgeline.v1.ModelService/GetModel", "Bearer rk_a").client; };
  dir_.Write("keys", line(1));
  ASSERT_TRUE(Reload().value_or(false));
  const auto limiter = client()->limiter;
  const auto first = limiter->Admit("a", absl::Seconds(1));
  EXPECT_FALSE(limiter->Admit("a", absl::Seconds(1)).ok());
  dir_.Write("keys", line(12));
  ASSERT_TRUE(Reload().value_or(false));
  EXPECT_EQ(client()->limiter, limiter);
  EXPECT_EQ(limiter->in_flight(), 1);
  EXPECT_TRUE(limiter->Admit("a", absl::Seconds(1)).ok());
}

TEST_F(AccessControlTest, ABrokenFileKeepsTheKeysAndIsReadAgainUntilItIsRight) {
  for (const char* text : {"", "{\"name\": \"reader\", \"ro", "{}\n"}) {
    dir_.Write("keys", text);
    const auto reloaded = Reload();
    ASSERT_TRUE(absl::IsInvalidArgument(reloaded.status())) << text;
    EXPECT_THAT(std::string(reloaded.status().message()), HasSubstr(dir_.File("keys")));
    EXPECT_TRUE(DecideAs(KeyOf(Role::kReader)).ok());
    EXPECT_TRUE(absl::IsInvalidArgument(control_->Reload().status()));
  }
  std::filesystem::remove(dir_.File("keys"));
  EXPECT_FALSE(Reload().ok());
  EXPECT_TRUE(DecideAs(KeyOf(Role::kReader)).ok());
}

TEST(AccessControl, AFileThatCannotBeReadIsAnError) {
  const TempDir dir;
  EXPECT_TRUE(absl::IsNotFound(AccessControl::Open(dir.File("none")).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(AccessControl::Open(dir.Write("empty", "")).status()));
}

}  // namespace
}  // namespace ridgeline
