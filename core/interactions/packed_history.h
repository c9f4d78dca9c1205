#ifndef RIDGELINE_CORE_INTERACTIONS_PACKED_HISTORY_H_
#define RIDGELINE_CORE_INTERACTIONS_PACKED_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/interactions/interaction.h"
#include "core/interactions/interaction_log.h"

namespace ridgeline {

/// What the log has of one user, as far as models weigh it: to be kept in memory and read again under the
/// next model, without the disk. 16 bytes an interaction beside its texts. Thread-compatible; as const
/// immutable, thus thread-safe.
class PackedHistory {
 public:
  /// The whole history of `user_id`. The errors of InteractionLog::ReadUser.
  static absl::StatusOr<PackedHistory> Read(const InteractionLog& log, absl::string_view user_id);

  /// Appends what was recorded after all that is here.
  void Append(const LoggedInteraction& logged);

  bool empty() const { return size_ == 0; }

  /// The sequences of the oldest and of the newest interaction, 0 when empty.
  uint64_t first_sequence() const { return first_sequence_; }
  uint64_t last_sequence() const { return last_sequence_; }

  /// The bytes that the interactions take.
  size_t bytes() const { return bytes_.size(); }

  /// How many interactions there are.
  size_t size() const { return size_; }

  /// Calls `visit` for each interaction in recording order, with its item, value, time and event type; their
  /// texts are the history's and live as long.
  void ForEach(absl::FunctionRef<void(const InteractionView&)> visit) const;

 private:
  size_t size_ = 0;
  uint64_t first_sequence_ = 0;
  uint64_t last_sequence_ = 0;
  // For each: value, time in Unix microseconds, length and bytes of the item, of the type.
  std::string bytes_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_PACKED_HISTORY_H_
