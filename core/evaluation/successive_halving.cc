#include "core/evaluation/successive_halving.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

// The best ceil(n / eta) of `candidates` by the score of their last rung, and candidate 0.
std::vector<size_t> Survivors(std::vector<size_t> candidates, int eta, const HalvingResult& result) {
  const auto score = [&](size_t candidate) { return result.rungs[candidate].back().score; };
  std::stable_sort(candidates.begin(), candidates.end(),
                   [&](size_t a, size_t b) { return score(a) > score(b); });
  candidates.resize((candidates.size() + static_cast<size_t>(eta) - 1) / static_cast<size_t>(eta));
  std::sort(candidates.begin(), candidates.end());
  if (candidates.front() != 0) candidates.insert(candidates.begin(), 0);
  return candidates;
}

}  // namespace

absl::Status ValidateHalvingOptions(const HalvingOptions& options) {
  if (options.eta < 2) {
    return absl::InvalidArgumentError(absl::StrCat("eta: must be at least 2, got ", options.eta));
  }
  if (options.min_iterations < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("min_iterations: must be at least 1, got ", options.min_iterations));
  }
  if (options.max_iterations >= options.min_iterations) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("max_iterations: must be at least min_iterations, ",
                                                 options.min_iterations, ", got ", options.max_iterations));
}

absl::StatusOr<HalvingResult> SuccessiveHalving(size_t candidates, const HalvingOptions& options,
                                                const CandidateScore& score) {
  RIDGELINE_RETURN_IF_ERROR(ValidateHalvingOptions(options));
  if (candidates == 0) return absl::InvalidArgumentError("candidates: there are none");
  HalvingResult result;
  result.rungs.resize(candidates);
  std::vector<size_t> alive(candidates);
  std::iota(alive.begin(), alive.end(), size_t{0});
  for (int64_t iterations = options.min_iterations;; iterations *= options.eta) {
    const int rung = static_cast<int>(std::min<int64_t>(iterations, options.max_iterations));
    for (const size_t candidate : alive) {
      RIDGELINE_ASSIGN_OR_RETURN(const double reached, score(candidate, rung));
      result.rungs[candidate].push_back({rung, reached});
    }
    if (rung == options.max_iterations) break;
    alive = Survivors(std::move(alive), options.eta, result);
  }
  result.best = *std::max_element(alive.begin(), alive.end(), [&](size_t a, size_t b) {
    return result.rungs[a].back().score < result.rungs[b].back().score;
  });
  return result;
}

}  // namespace ridgeline
