#ifndef RIDGELINE_SERVER_ACCESS_ACCESS_CONTROL_H_
#define RIDGELINE_SERVER_ACCESS_ACCESS_CONTROL_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/base/mutex.h"
#include "server/access/access_rules.h"
#include "server/access/client_limiter.h"
#include "server/access/file_watch.h"
#include "server/access/key_file.h"
#include "server/access/role.h"

namespace ridgeline {

/// A program or person that has an API key. Immutable, thus thread-safe.
struct ApiClient {
  std::string name;
  RoleSet roles;
  std::shared_ptr<ClientLimiter> limiter;  ///< never null; the same before and after a reload
};

/// What is decided of a call.
struct AccessDecision {
  /// OK, kUnauthenticated when it is not known who calls, kPermissionDenied when the caller may not, or
  /// kResourceExhausted, see ClientLimiter::Admit.
  absl::Status status;

  /// Who calls; also of a call that is denied. Null when that is not known, or not asked.
  std::shared_ptr<const ApiClient> client;

  /// The call's place among those of its client, to be kept until the call ends; of an admitted one.
  CallSlot slot = {};
};

/// The API keys in force, and who may do what. Thread-safe.
///
/// A key is looked up by its hash: what the time of a look-up could tell is about the hash of what the caller
/// sent, from which no key can be guessed; hashes themselves are compared in constant time. No status repeats
/// what was sent.
class AccessControl {
 public:
  /// Reads the file of keys. Errors as ReadFile and ParseKeyFile, with the file's name.
  static absl::StatusOr<std::unique_ptr<AccessControl>> Open(const std::string& path);

  /// Reads the file again when it was changed or replaced, see FileWatch: true when its keys are in force
  /// from now on, false when there was nothing to do. With an error the keys from before stay in force, and
  /// the next call tries again. To be called from time to time.
  absl::StatusOr<bool> Reload();

  /// Decides on a call of `path`, whose rule is `rule`, or null for one that has none and is for nobody.
  /// `authorization` is the header as sent, nothing when there was none. Counts the call among those of its
  /// client, also one that is denied: kResourceExhausted when that is at one of its limits.
  AccessDecision Admit(const AccessRule* rule, absl::string_view path,
                       absl::optional<absl::string_view> authorization) const;

  /// The same of a call that was admitted before: counts nothing and gives no slot.
  AccessDecision Decide(const AccessRule* rule, absl::string_view path,
                        absl::optional<absl::string_view> authorization) const;

 private:
  // By the first bytes of the hash, of which any are as good as others.
  struct Key {
    KeyDigest digest = {};
    std::shared_ptr<const ApiClient> client;
  };
  using KeyRing = absl::flat_hash_map<uint64_t, std::vector<Key>>;

  explicit AccessControl(const std::string& path);

  absl::Status Read() ABSL_EXCLUSIVE_LOCKS_REQUIRED(reading_);
  absl::StatusOr<std::shared_ptr<const ApiClient>> Identify(
      absl::optional<absl::string_view> authorization) const;

  const std::string path_;
  Mutex reading_;
  FileWatch watch_ ABSL_GUARDED_BY(reading_);
  // By the clients' names, of the keys in force.
  absl::flat_hash_map<std::string, std::shared_ptr<ClientLimiter>> limiters_ ABSL_GUARDED_BY(reading_);
  mutable Mutex mutex_;
  std::shared_ptr<const KeyRing> keys_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_ACCESS_ACCESS_CONTROL_H_
