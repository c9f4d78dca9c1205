#ifndef RIDGELINE_CORE_INTERACTIONS_INTERACTION_LOG_H_
#define RIDGELINE_CORE_INTERACTIONS_INTERACTION_LOG_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/interactions/interaction.h"

namespace ridgeline {

/// An interaction with its place in the log.
struct LoggedInteraction {
  uint64_t sequence = 0;  ///< 1, 2, ... in the order of recording
  Interaction interaction;
};

/// What Append did.
struct AppendResult {
  int64_t recorded = 0;
  int64_t duplicates = 0;      ///< not recorded again: their event id was known
  uint64_t last_sequence = 0;  ///< the log's newest sequence after the call
};

/// The durable record of everything users did, on RocksDB. What an OK Append was given survives a crash of
/// the process or the machine. Thread-safe; concurrent appends share one disk sync (RocksDB's group commit).
///
/// Invariants: (1) sequences only grow and are never used twice; (2) an event id appears at most once; (3)
/// the history of a user is stored together, in sequence order; (4) an interaction is visible to every read
/// that begins after its Append returned.
class InteractionLog {
 public:
  /// Opens the log in `directory`, made when absent. kUnavailable when another process has it open,
  /// kFailedPrecondition when a newer release wrote it, kDataLoss when it is damaged, kPermissionDenied when
  /// the folder cannot be written.
  static absl::StatusOr<std::unique_ptr<InteractionLog>> Open(const std::string& directory);

  virtual ~InteractionLog() = default;

  /// Records `interactions`, all or none, durably. kInvalidArgument naming "interactions[i].field" when one
  /// is not acceptable, kUnavailable when the disk refuses; then nothing was recorded.
  virtual absl::StatusOr<AppendResult> Append(absl::Span<const Interaction> interactions) = 0;

  /// A user's interactions in recording order, those after sequence `after`, at most `limit` of them (0:
  /// all). Empty for an unknown user.
  virtual absl::StatusOr<std::vector<LoggedInteraction>> ReadUser(absl::string_view user_id,
                                                                  uint64_t after = 0,
                                                                  size_t limit = 0) const = 0;

  /// The sequence of a user's newest interaction, 0 when there is none.
  virtual absl::StatusOr<uint64_t> LastSequenceOfUser(absl::string_view user_id) const = 0;

  /// Calls `visit` for every interaction up to sequence `through`, user by user. The view is that of the
  /// moment of the call. A status other than OK from `visit` ends the scan and is returned.
  virtual absl::Status Scan(uint64_t through,
                            const std::function<absl::Status(const LoggedInteraction&)>& visit) const = 0;

  /// Removes all that is known of a user, durably, event ids included; returns how many interactions went.
  virtual absl::StatusOr<int64_t> DeleteUser(absl::string_view user_id) = 0;

  /// The newest sequence, 0 when empty.
  virtual uint64_t last_sequence() const = 0;

  /// How many interactions are stored.
  virtual int64_t size() const = 0;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_INTERACTION_LOG_H_
