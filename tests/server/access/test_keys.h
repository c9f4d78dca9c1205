#ifndef RIDGELINE_TESTS_SERVER_ACCESS_TEST_KEYS_H_
#define RIDGELINE_TESTS_SERVER_ACCESS_TEST_KEYS_H_

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/access/api_key.h"
#include "server/access/role.h"

namespace ridgeline {

/// A line of the file of API keys that lets `key` in. `more` are further fields, each after a comma.
inline std::string KeyLine(const std::string& name, const std::string& roles, const std::string& key,
                           const std::string& more = "") {
  const KeyDigest digest = DigestOfKey(key);
  const absl::string_view bytes(reinterpret_cast<const char*>(digest.data()), digest.size());
  return absl::StrCat("{\"name\": \"", name, "\", \"roles\": [", roles, "], \"sha256\": \"",
                      absl::BytesToHexString(bytes), "\"", more, "}\n");
}

/// The key of the client that has `role` alone, and is called like it.
inline std::string KeyOf(Role role) {
  return absl::StrCat("rk_test_key_of_the_", RoleName(role));
}

/// A file with one client a role.
inline std::string OneKeyARole() {
  std::string text;
  for (const Role role : kRoles) {
    absl::StrAppend(
        &text, KeyLine(std::string(RoleName(role)), absl::StrCat("\"", RoleName(role), "\""), KeyOf(role)));
  }
  return text;
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_SERVER_ACCESS_TEST_KEYS_H_
