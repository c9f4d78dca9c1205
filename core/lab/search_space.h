#ifndef RIDGELINE_CORE_LAB_SEARCH_SPACE_H_
#define RIDGELINE_CORE_LAB_SEARCH_SPACE_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/model/hyperparameters.h"

namespace ridgeline {

/// Positive numbers from `low` to `high`.
struct Range {
  double low = 0.0;
  double high = 0.0;
};

/// Where hyperparameters are looked for. A plain value.
struct SearchSpace {
  std::vector<int> factors;
  Range regularization;
  Range unobserved_weight;    ///< implicit feedback
  Range bias_regularization;  ///< explicit feedback
};

/// "0.01:1". kInvalidArgument beginning with `field` when it is none, a bound is not above 0 and finite, or
/// they are not in order.
absl::StatusOr<Range> ParseRange(absl::string_view field, absl::string_view text);

/// "32,64,128". kInvalidArgument beginning with `field` when an element is not from 1 to 4096.
absl::StatusOr<std::vector<int>> ParseFactorChoices(absl::string_view field, absl::string_view text);

/// `count` candidates: `base` itself, then draws, uniform among the factors and uniform in the logarithm of
/// the ranges, everything else as in `base`. The same seed gives the same candidates, and more of them the
/// same first ones.
std::vector<Hyperparameters> DrawCandidates(const SearchSpace& space, const Hyperparameters& base, int count,
                                            uint64_t seed);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_SEARCH_SPACE_H_
