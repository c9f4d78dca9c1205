#ifndef RIDGELINE_CORE_EVALUATION_SUCCESSIVE_HALVING_H_
#define RIDGELINE_CORE_EVALUATION_SUCCESSIVE_HALVING_H_

#include <cstddef>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace ridgeline {

/// How many candidates get how far.
struct HalvingOptions {
  int eta = 3;              ///< of eta candidates one goes on, with eta times the iterations; at least 2
  int min_iterations = 2;   ///< of the first rung; at least 1
  int max_iterations = 16;  ///< of the last rung; at least min_iterations
};

/// OK, or kInvalidArgument beginning with the option's name.
absl::Status ValidateHalvingOptions(const HalvingOptions& options);

/// What a candidate reached with so many iterations.
struct RungScore {
  int iterations = 0;
  double score = 0.0;
};

struct HalvingResult {
  std::vector<std::vector<RungScore>> rungs;  ///< [candidates] one entry for each rung it took part in
  size_t best = 0;                            ///< the best of the last rung; ties: the first
};

/// The score of a candidate with so many iterations; higher is better.
using CandidateScore = std::function<absl::StatusOr<double>(size_t candidate, int iterations)>;

/// Successive halving (Jamieson, Talwalkar 2016): all of `candidates` (at least 1) begin with few iterations,
/// the best of each rung go on with more. Candidate 0 stays to the end whatever its scores: what the others
/// are measured against, so that the result is never worse than it. The errors of ValidateHalvingOptions and
/// of `score`.
absl::StatusOr<HalvingResult> SuccessiveHalving(size_t candidates, const HalvingOptions& options,
                                                const CandidateScore& score);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_EVALUATION_SUCCESSIVE_HALVING_H_
