#ifndef RIDGELINE_CORE_LAB_SEEN_ITEMS_H_
#define RIDGELINE_CORE_LAB_SEEN_ITEMS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/interactions/interaction_reader.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// Which items each user of a model has met. Immutable, thus thread-safe. Costs 4 bytes an interaction and 8
/// a user.
class SeenItems {
 public:
  /// Nobody of `users` has met anything.
  explicit SeenItems(size_t users) : offsets_(users + 1, 0) {}

  /// What the file of interactions `path` says of the users and items that `model` has; the others are passed
  /// over. The errors of ReadInteractions.
  static absl::StatusOr<SeenItems> Read(const std::string& path, const InteractionReaderOptions& options,
                                        const FactorModel& model);

  /// From (user row, item row) pairs, each user row below `users`.
  static SeenItems FromPairs(size_t users, absl::Span<const std::pair<uint32_t, uint32_t>> pairs);

  /// The item rows that the user at `row` has met, as often as the file says so.
  absl::Span<const uint32_t> Of(uint32_t row) const {
    return absl::MakeConstSpan(items_).subspan(offsets_[row], offsets_[size_t{row} + 1] - offsets_[row]);
  }

 private:
  std::vector<size_t> offsets_;  // [users + 1]
  std::vector<uint32_t> items_;  // user by user
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_SEEN_ITEMS_H_
