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
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "core/interactions/erasure_hold.h"
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
  int64_t duplicates = 0;                      ///< not recorded again: their event id was known
  uint64_t last_sequence = 0;                  ///< the log's newest sequence after the call
  std::vector<size_t> duplicate_indices = {};  ///< which of those given they were, ascending
};

/// The deletions of users that a log has seen.
struct Deletions {
  uint64_t count = 0;          ///< grows with each one; may be 1 for those before the log was opened
  uint64_t last_sequence = 0;  ///< the log's newest when somebody was last deleted of whom it had something

  /// Hashes of the ids of those whom models that were not trained from the log may still have.
  std::vector<uint64_t> departed = {};
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
  /// is not acceptable: nothing was recorded then. kUnavailable when the disk refuses: nothing is
  /// acknowledged then, but all of them may be found later, so repeat the call, with the same event ids where
  /// none may be there twice. kDataLoss when the log is damaged. `stamp` is what those were given that came
  /// without a time, see RecordingTime.
  virtual absl::StatusOr<AppendResult> Append(absl::Span<const Interaction> interactions,
                                              absl::Time stamp) = 0;

  /// The same of interactions that all have times of their own.
  absl::StatusOr<AppendResult> Append(absl::Span<const Interaction> interactions) {
    return Append(interactions, absl::InfinitePast());
  }

  /// The newest stamp of what was recorded, by NewestStamp; InfinitePast when nothing had one. Of an earlier
  /// process to the microsecond, as times of interactions are.
  virtual absl::Time newest_stamp() const = 0;

  /// A user's interactions in recording order, those after sequence `after`, at most `limit` of them (0:
  /// all). Empty for an unknown user. kUnavailable while the disk is not to be had, kDataLoss when a record
  /// is damaged.
  virtual absl::StatusOr<std::vector<LoggedInteraction>> ReadUser(absl::string_view user_id,
                                                                  uint64_t after = 0,
                                                                  size_t limit = 0) const = 0;

  /// Calls `visit` for every interaction up to sequence `through`, user by user. The view is that of the
  /// moment of the call. A status other than OK from `visit` ends the scan and is returned; the errors of
  /// ReadUser, kUnavailable also when the log must be opened anew meanwhile.
  virtual absl::Status Scan(uint64_t through,
                            const std::function<absl::Status(const LoggedInteraction&)>& visit) const = 0;

  /// Removes all that is known of a user, durably, event ids included; returns how many interactions went. No
  /// call that begins later sees them; their bytes leave the disk in the background, see WaitForErasure. Of a
  /// user who was or was not in the log, a hash stays until ForgetDepartures, for models of other origin.
  /// kUnavailable when the disk refuses: nothing is acknowledged then, but the user may be found gone later,
  /// so repeat the call.
  virtual absl::StatusOr<int64_t> DeleteUser(absl::string_view user_id) = 0;

  /// Waits until no trace of the users deleted before the call is in the log's files. The disk's error when
  /// it refused last, kUnavailable while readers or a hold keep files with traces; the log tries again by
  /// itself, and the next call waits for that.
  virtual absl::Status WaitForErasure() = 0;

  /// How many deletions there are whose traces may still be in the log's files.
  virtual uint64_t pending_erasures() const = 0;

  /// To be taken before Checkpoint and kept until that directory is gone: no deletion counts as erased while
  /// its bytes are there. Must not outlive the log.
  virtual std::unique_ptr<ErasureHold> HoldErasures() = 0;

  /// Makes `directory`, absent so far, a log of its own with all that was acknowledged before the call;
  /// tables are linked where it is on the log's disk. Appends go on meanwhile. kUnavailable or the disk's
  /// error when it refuses; nothing is left of the directory then.
  virtual absl::Status Checkpoint(const std::string& directory) = 0;

  /// What may still be in models.
  virtual Deletions deletions() const = 0;

  /// Whether the user is one of deletions().departed.
  virtual bool HasDeparted(absl::string_view user_id) const = 0;

  /// To be called when no model has these of deletions().departed any more. kUnavailable when the disk
  /// refuses.
  virtual absl::Status ForgetDepartures(absl::Span<const uint64_t> departed) = 0;

  /// Grows when the log was opened anew after an error of its disk: it may have then what it refused before,
  /// so who keeps a copy must read again.
  virtual uint64_t generation() const = 0;

  /// The newest sequence, 0 when empty.
  virtual uint64_t last_sequence() const = 0;

  /// How many interactions are stored.
  virtual int64_t size() const = 0;
};

/// Whether a model that holds a user may speak of them: they were not deleted since. `through` is the
/// sequence that the model was trained through; the user's oldest interaction is none of a later life then.
/// Or 0 for one that was not trained from the log. The errors of ReadUser.
absl::StatusOr<bool> MayKnowUser(const InteractionLog& log, absl::string_view user_id, uint64_t through);

/// The same where the log was read already: `oldest` is the sequence of the user's oldest interaction, 0 when
/// there is none.
bool MayKnowUser(const InteractionLog& log, absl::string_view user_id, uint64_t through, uint64_t oldest);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_INTERACTION_LOG_H_
