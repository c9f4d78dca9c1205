#include "server/access/role.h"

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(Role, NamesAreReadBack) {
  for (const Role role : kRoles) EXPECT_EQ(ParseRole(RoleName(role)), role);
  EXPECT_FALSE(ParseRole("root").has_value());
  EXPECT_FALSE(ParseRole("").has_value());
  EXPECT_FALSE(ParseRole("Admin").has_value());
}

TEST(RoleSet, NoRoleIncludesAnotherButAdminAll) {
  for (const Role held : kRoles) {
    RoleSet roles;
    roles.Add(held);
    for (const Role needed : kRoles) {
      EXPECT_EQ(roles.Allow(needed), held == needed || held == Role::kAdmin)
          << RoleName(held) << " as " << RoleName(needed);
    }
  }
}

TEST(RoleSet, NoRoleAllowsNothing) {
  const RoleSet none;
  EXPECT_TRUE(none.empty());
  for (const Role needed : kRoles) EXPECT_FALSE(none.Allow(needed));
}

TEST(RoleSet, NamesItsRoles) {
  RoleSet roles;
  roles.Add(Role::kTrainer);
  roles.Add(Role::kReader);
  EXPECT_EQ(roles.ToString(), "reader, trainer");
}

}  // namespace
}  // namespace ridgeline
