#include "server/access/role.h"

#include <cstddef>

#include "absl/strings/str_cat.h"

namespace ridgeline {
namespace {

constexpr std::array<absl::string_view, kRoles.size()> kRoleNames = {"reader", "writer", "trainer", "admin"};

}  // namespace

absl::string_view RoleName(Role role) {
  return kRoleNames[static_cast<size_t>(role)];
}

absl::optional<Role> ParseRole(absl::string_view name) {
  for (const Role role : kRoles) {
    if (RoleName(role) == name) return role;
  }
  return absl::nullopt;
}

std::string RoleSet::ToString() const {
  std::string text;
  for (const Role role : kRoles) {
    if ((bits_ & Bit(role)) != 0) absl::StrAppend(&text, text.empty() ? "" : ", ", RoleName(role));
  }
  return text;
}

}  // namespace ridgeline
