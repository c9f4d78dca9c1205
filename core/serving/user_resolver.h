#ifndef RIDGELINE_CORE_SERVING_USER_RESOLVER_H_
#define RIDGELINE_CORE_SERVING_USER_RESOLVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "core/interactions/interaction_log.h"
#include "core/serving/item_lookup.h"
#include "core/serving/recommendation.h"
#include "core/serving/serving_snapshot.h"
#include "core/serving/user_cache.h"
#include "core/serving/user_state.h"

namespace ridgeline {

/// Turns a request's subject into a vector and a history under one snapshot. Thread-safe.
///
/// What it read of a user in the log serves under the next model too, so that a swap sends nobody back to the
/// disk.
///
/// A user with nothing in the log newer than the model has the trained row; any other is folded in from the
/// full history. Whoever has neither a row nor a history that the model can weigh gets no vector: the popular
/// items. A user whom a model holds but who was deleted since counts as unknown: one trained from the log by
/// what the log has, one of other origin by whom the log has seen depart.
class UserResolver {
 public:
  /// `log` must outlive the resolver. Keeps the states of about `cached_users` users.
  UserResolver(const InteractionLog* log, size_t cached_users) : log_(log), cache_(cached_users) {}

  /// The state of `subject`, which was validated. Items of a given history that the model does not know are
  /// left to `lookup`. kInvalidArgument when such an item is no valid id; the errors of AboutNumbers, when
  /// values are too large to fold in; the log's.
  absl::StatusOr<std::shared_ptr<const UserState>> Resolve(const Subject& subject,
                                                           const ServingSnapshot& snapshot,
                                                           ItemLookup& lookup);

  /// Whether the model still may speak of the user at `user_row`. The log's errors.
  absl::StatusOr<bool> MayAnswerWith(const ServingSnapshot& snapshot, uint32_t user_row) const;

  /// To be called after a user's history changed: no state read before is kept or used any longer.
  void Forget(absl::string_view user_id) { cache_.Forget(user_id); }

 private:
  absl::StatusOr<std::shared_ptr<const UserState>> ResolveUser(const std::string& user_id,
                                                               const ServingSnapshot& snapshot);

  const InteractionLog* const log_;
  UserCache cache_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_USER_RESOLVER_H_
