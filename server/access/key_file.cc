#include "server/access/key_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxNameBytes = 64;

absl::Status FieldIs(absl::string_view field, absl::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": ", problem));
}

bool IsNameCharacter(char c) {
  return absl::ascii_isalnum(c) || c == '.' || c == '_' || c == '-';
}

absl::Status ReadName(const Json& value, KeyEntry* entry) {
  if (value.is_string()) entry->name = value.get<std::string>();
  if (entry->name.empty() || entry->name.size() > kMaxNameBytes ||
      !std::all_of(entry->name.begin(), entry->name.end(), IsNameCharacter)) {
    return FieldIs("name", "must be 1 to 64 letters, digits, '.', '_' or '-'");
  }
  return absl::OkStatus();
}

absl::Status ReadRoles(const Json& value, KeyEntry* entry) {
  absl::Status problem = FieldIs("roles", "must be a list of reader, writer, trainer, admin");
  if (!value.is_array()) return problem;
  for (const Json& name : value) {
    const auto role = name.is_string() ? ParseRole(name.get<std::string>()) : absl::nullopt;
    if (!role.has_value()) return problem;
    entry->roles.Add(*role);
  }
  return entry->roles.empty() ? problem : absl::OkStatus();
}

absl::Status ReadDigest(const Json& value, KeyEntry* entry) {
  const absl::StatusOr<KeyDigest> digest = ParseDigest(value.is_string() ? value.get<std::string>() : "");
  if (!digest.ok()) return FieldIs("sha256", digest.status().message());
  entry->digest = *digest;
  return absl::OkStatus();
}

absl::Status ReadLimits(const Json& value, KeyEntry* entry) {
  if (!value.is_object()) return FieldIs("limits", "must be an object");
  for (const auto& [field, number] : value.items()) {
    const double limit = number.is_number() ? number.get<double>() : 0.0;
    if (!(limit > 0.0 && limit <= 1e12)) return FieldIs("limits", "must be numbers above 0, at most 1e12");
    if (field == "calls_per_second") {
      entry->limits.calls_per_second = limit;
    } else if (field == "burst") {
      entry->limits.burst = limit;
    } else if (field == "calls_in_flight" && limit >= 1.0) {
      entry->limits.calls_in_flight = static_cast<int64_t>(limit);
    } else if (field == "import_bytes_per_second") {
      entry->limits.import_bytes_per_second = limit;
    } else {
      return FieldIs("limits",
                     "may have calls_per_second, burst, calls_in_flight (1 or more) and "
                     "import_bytes_per_second");
    }
  }
  if (entry->limits.burst > 0.0 && entry->limits.calls_per_second == 0.0) {
    return FieldIs("limits", "burst needs calls_per_second");
  }
  return absl::OkStatus();
}

absl::StatusOr<KeyEntry> ParseEntry(absl::string_view line) {
  const Json object = Json::parse(line.begin(), line.end(), nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return absl::InvalidArgumentError("is not a JSON object");
  constexpr const char* kRequired[] = {"name", "roles", "sha256"};
  for (const char* field : kRequired) {
    if (!object.contains(field)) return FieldIs(field, "is missing");
  }
  KeyEntry entry;
  for (const auto& [field, value] : object.items()) {
    if (field == "name") {
      RIDGELINE_RETURN_IF_ERROR(ReadName(value, &entry));
    } else if (field == "roles") {
      RIDGELINE_RETURN_IF_ERROR(ReadRoles(value, &entry));
    } else if (field == "sha256") {
      RIDGELINE_RETURN_IF_ERROR(ReadDigest(value, &entry));
    } else if (field == "limits") {
      RIDGELINE_RETURN_IF_ERROR(ReadLimits(value, &entry));
    } else {
      // Its name could be a key that slipped into the wrong place.
      return absl::InvalidArgumentError("has a field other than name, roles, sha256 and limits");
    }
  }
  return entry;
}

}  // namespace

absl::StatusOr<std::vector<KeyEntry>> ParseKeyFile(absl::string_view text) {
  std::vector<KeyEntry> entries;
  std::set<std::string> names;
  std::set<KeyDigest> digests;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line.front() == '#') continue;
    absl::StatusOr<KeyEntry> entry = ParseEntry(line);
    absl::Status status = entry.status();
    if (status.ok() && !names.insert(entry->name).second) {
      status = FieldIs("name", "another line has it");
    } else if (status.ok() && !digests.insert(entry->digest).second) {
      status = FieldIs("sha256", "another line has it");
    }
    if (!status.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("line ", number, ": ", status.message()));
    }
    entries.push_back(*std::move(entry));
  }
  if (entries.empty()) return absl::InvalidArgumentError("has no key");
  return entries;
}

}  // namespace ridgeline
