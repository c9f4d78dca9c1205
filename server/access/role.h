#ifndef RIDGELINE_SERVER_ACCESS_ROLE_H_
#define RIDGELINE_SERVER_ACCESS_ROLE_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace ridgeline {

/// What a client is there for. kAdmin may do everything; the others stand beside each other, none includes
/// another.
enum class Role : uint8_t {
  kReader,   ///< asks: recommendations, similar items, what is stored, how the server is
  kWriter,   ///< records interactions, keeps the catalogue
  kTrainer,  ///< trains, activates models, splits users between two of them
  kAdmin,    ///< all of these, and erases users
};

inline constexpr std::array<Role, 4> kRoles = {Role::kReader, Role::kWriter, Role::kTrainer, Role::kAdmin};

/// "reader", "writer", "trainer" or "admin".
absl::string_view RoleName(Role role);

/// The role of that name, nothing when there is none.
absl::optional<Role> ParseRole(absl::string_view name);

/// The roles of one client. Thread-compatible.
class RoleSet {
 public:
  void Add(Role role) { bits_ |= Bit(role); }

  bool empty() const { return bits_ == 0; }

  /// Whether one of them is `needed` or kAdmin.
  bool Allow(Role needed) const { return (bits_ & (Bit(needed) | Bit(Role::kAdmin))) != 0; }

  /// Their names, "reader, writer".
  std::string ToString() const;

 private:
  static uint8_t Bit(Role role) { return static_cast<uint8_t>(1u << static_cast<uint8_t>(role)); }

  uint8_t bits_ = 0;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_ACCESS_ROLE_H_
