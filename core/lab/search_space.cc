#include "core/lab/search_space.h"

#include <cmath>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/random.h"

namespace ridgeline {
namespace {

constexpr int kMaxFactorChoice = 4096;

double LogUniform(const Range& range, Random& random) {
  return range.low * std::pow(range.high / range.low, random.Uniform());
}

}  // namespace

absl::StatusOr<Range> ParseRange(absl::string_view field, absl::string_view text) {
  const std::pair<std::string, std::string> bounds = absl::StrSplit(text, absl::MaxSplits(':', 1));
  Range range;
  const bool read =
      absl::SimpleAtod(bounds.first, &range.low) && absl::SimpleAtod(bounds.second, &range.high);
  if (read && range.low > 0.0 && range.low <= range.high && std::isfinite(range.high)) return range;
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": must be LOW:HIGH, both above 0 and in order, got '", text, "'"));
}

absl::StatusOr<std::vector<int>> ParseFactorChoices(absl::string_view field, absl::string_view text) {
  std::vector<int> choices;
  for (const absl::string_view element : absl::StrSplit(text, ',')) {
    int factors = 0;
    if (!absl::SimpleAtoi(element, &factors) || factors < 1 || factors > kMaxFactorChoice) {
      return absl::InvalidArgumentError(absl::StrCat(field, ": must be numbers from 1 to ", kMaxFactorChoice,
                                                     " with commas between, got '", text, "'"));
    }
    choices.push_back(factors);
  }
  return choices;
}

std::vector<Hyperparameters> DrawCandidates(const SearchSpace& space, const Hyperparameters& base, int count,
                                            uint64_t seed) {
  std::vector<Hyperparameters> candidates = {base};
  Random random(seed);
  while (static_cast<int>(candidates.size()) < count) {
    Hyperparameters drawn = base;
    drawn.factors = space.factors[random.Below(space.factors.size())];
    drawn.regularization = LogUniform(space.regularization, random);
    const bool is_explicit = base.feedback == Feedback::kExplicit;
    (is_explicit ? drawn.bias_regularization : drawn.unobserved_weight) =
        LogUniform(is_explicit ? space.bias_regularization : space.unobserved_weight, random);
    candidates.push_back(drawn);
  }
  return candidates;
}

}  // namespace ridgeline
