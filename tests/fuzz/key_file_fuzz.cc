#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "server/access/key_file.h"
#include "tests/fuzz/fuzz_target.h"

namespace ridgeline {
namespace {

// As many hexadecimal digits in a row as make half of a hash.
bool ShowsAHash(absl::string_view text) {
  int digits = 0;
  for (const char c : text) {
    digits = absl::ascii_isxdigit(c) ? digits + 1 : 0;
    if (digits == 32) return true;
  }
  return false;
}

void RequireSound(const KeyEntry& entry) {
  Require(!entry.name.empty() && entry.name.size() <= 64, "a client has a name");
  for (const char c : entry.name) {
    Require(absl::ascii_isalnum(c) || c == '.' || c == '_' || c == '-', "a name breaks no line of a log");
  }
  Require(!entry.roles.empty(), "a client has a role");
  Require(entry.limits.calls_per_second >= 0.0 && entry.limits.burst >= 0.0 &&
              entry.limits.calls_in_flight >= 0 && entry.limits.import_bytes_per_second >= 0.0,
          "no limit is negative");
}

// A file of API keys gives clients that differ in name and key, or an error that repeats no hash.
RIDGELINE_FUZZ_TARGET(key_file) {
  const auto entries = ParseKeyFile(input);
  RequireExplained(entries.status());
  Require(!ShowsAHash(entries.status().message()), "an error repeats no hash");
  const absl::StatusOr<absl::string_view> key = ParseBearer(input);
  Require(!key.ok() || (!key->empty() && key->size() <= kMaxKeyBytes),
          "a header gives a key of bounded length");
  if (!entries.ok()) return;
  std::set<std::string> names;
  std::set<KeyDigest> digests;
  for (const KeyEntry& entry : *entries) {
    RequireSound(entry);
    Require(names.insert(entry.name).second && digests.insert(entry.digest).second, "clients differ");
  }
  Require(!names.empty(), "a file without keys locks nobody out");
}

}  // namespace
}  // namespace ridgeline
