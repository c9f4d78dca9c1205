#include "server/access/access_control.h"

#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/status_macros.h"
#include "server/access/api_key.h"

namespace ridgeline {
namespace {

uint64_t BucketOf(const KeyDigest& digest) {
  uint64_t bucket = 0;
  std::memcpy(&bucket, digest.data(), sizeof(bucket));
  return bucket;
}

absl::Status AboutFile(const std::string& path, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat("API keys ", path, ": ", status.message()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<AccessControl>> AccessControl::Open(const std::string& path) {
  std::unique_ptr<AccessControl> control(new AccessControl(path));
  MutexLock lock(&control->reading_);
  RIDGELINE_RETURN_IF_ERROR(control->Read());
  return control;
}

AccessControl::AccessControl(const std::string& path) : path_(path), watch_({path}) {}

absl::StatusOr<bool> AccessControl::Reload() {
  MutexLock lock(&reading_);
  return watch_.TakeUp([this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(reading_) { return Read(); });
}

absl::Status AccessControl::Read() {
  const absl::StatusOr<std::string> text = ReadFile(path_);
  if (!text.ok()) return AboutFile(path_, text.status());
  absl::StatusOr<std::vector<KeyEntry>> entries = ParseKeyFile(*text);
  if (!entries.ok()) return AboutFile(path_, entries.status());
  auto keys = std::make_shared<KeyRing>();
  decltype(limiters_) limiters;
  for (KeyEntry& entry : *entries) {
    const auto known = limiters_.find(entry.name);
    auto limiter = known != limiters_.end() ? known->second : std::make_shared<ClientLimiter>();
    limiter->Set(entry.limits);
    limiters[entry.name] = limiter;
    auto client =
        std::make_shared<const ApiClient>(ApiClient{std::move(entry.name), entry.roles, std::move(limiter)});
    (*keys)[BucketOf(entry.digest)].push_back({entry.digest, std::move(client)});
  }
  limiters_ = std::move(limiters);
  MutexLock lock(&mutex_);
  keys_ = std::move(keys);
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const ApiClient>> AccessControl::Identify(
    absl::optional<absl::string_view> authorization) const {
  if (!authorization.has_value()) {
    return absl::UnauthenticatedError("authorization: an API key is needed, as `Bearer KEY`");
  }
  RIDGELINE_ASSIGN_OR_RETURN(const absl::string_view key, ParseBearer(*authorization));
  const KeyDigest digest = DigestOfKey(key);
  std::shared_ptr<const KeyRing> keys;
  {
    MutexLock lock(&mutex_);
    keys = keys_;
  }
  const auto found = keys->find(BucketOf(digest));
  if (found != keys->end()) {
    for (const Key& candidate : found->second) {
      if (EqualDigests(candidate.digest, digest)) return candidate.client;
    }
  }
  return absl::UnauthenticatedError("authorization: the server does not know this API key");
}

AccessDecision AccessControl::Admit(const AccessRule* rule, absl::string_view path,
                                    absl::optional<absl::string_view> authorization) const {
  AccessDecision decision = Decide(rule, path, authorization);
  if (decision.client == nullptr) return decision;
  absl::StatusOr<CallSlot> slot = decision.client->limiter->Admit(decision.client->name, SteadyNow());
  if (!slot.ok()) {
    decision.status = slot.status();
  } else if (decision.status.ok()) {
    decision.slot = *std::move(slot);
  }
  return decision;
}

AccessDecision AccessControl::Decide(const AccessRule* rule, absl::string_view path,
                                     absl::optional<absl::string_view> authorization) const {
  if (rule != nullptr && !rule->role.has_value()) return {};
  absl::StatusOr<std::shared_ptr<const ApiClient>> client = Identify(authorization);
  AccessDecision decision;
  if (!client.ok()) {
    decision.status = client.status();
    return decision;
  }
  decision.client = *std::move(client);
  if (rule == nullptr) {
    decision.status = absl::PermissionDeniedError("nobody may call this: there is no rule for it");
  } else if (!decision.client->roles.Allow(*rule->role)) {
    decision.status = absl::PermissionDeniedError(
        absl::StrCat(path, " needs the role ", RoleName(*rule->role), "; API key '", decision.client->name,
                     "' has ", decision.client->roles.ToString()));
  }
  return decision;
}

}  // namespace ridgeline
