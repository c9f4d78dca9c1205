#include "core/baselines/bpr.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "core/base/random.h"
#include "core/base/status_macros.h"
#include "core/baselines/strata.h"

namespace ridgeline {
namespace {

// A user who has nearly every item of the stratum is passed over rather than searched for long.
constexpr int kMaxDraws = 16;

// Draws items that a user does not have, from one block's stratum of items.
class NegativeSampler {
 public:
  NegativeSampler(const CsrMatrix& by_user, NegativeSampling sampling, absl::Span<const uint32_t> items,
                  absl::Span<const RatedPair> pairs)
      : by_user_(by_user), sampling_(sampling), items_(items), pairs_(pairs) {}

  absl::optional<uint32_t> Draw(uint32_t user, Random& random) const {
    const auto seen = by_user_.RowColumns(user);
    for (int draw = 0; draw < kMaxDraws; ++draw) {
      const uint32_t item = sampling_ == NegativeSampling::kUniform
                                ? items_[random.Below(items_.size())]
                                : pairs_[random.Below(pairs_.size())].item;
      if (!std::binary_search(seen.begin(), seen.end(), item)) return item;
    }
    return absl::nullopt;
  }

 private:
  const CsrMatrix& by_user_;
  const NegativeSampling sampling_;
  const absl::Span<const uint32_t> items_;
  const absl::Span<const RatedPair> pairs_;
};

// The sum of losses and the number of comparisons.
struct Loss {
  double sum = 0.0;
  int64_t count = 0;
};

class Ranking {
 public:
  Ranking(BothSides& sides, float regularization) : sides_(sides), regularization_(regularization) {}

  // One step on (user, positive, negative); returns its loss before the step.
  double Learn(uint32_t user, uint32_t positive, uint32_t negative, float rate) {
    float* const __restrict x = Row(sides_.users, user);
    float* const __restrict up = Row(sides_.items, positive);
    float* const __restrict down = Row(sides_.items, negative);
    float& up_bias = sides_.items.biases[positive];
    float& down_bias = sides_.items.biases[negative];
    float difference = up_bias - down_bias;
    for (int k = 0; k < sides_.users.factors; ++k) difference += x[k] * (up[k] - down[k]);
    const float slope = 1.0f / (1.0f + std::exp(difference));
    for (int k = 0; k < sides_.users.factors; ++k) {
      const float before = x[k];
      x[k] += rate * (slope * (up[k] - down[k]) - regularization_ * before);
      up[k] += rate * (slope * before - regularization_ * up[k]);
      down[k] += rate * (-slope * before - regularization_ * down[k]);
    }
    up_bias += rate * (slope - regularization_ * up_bias);
    down_bias += rate * (-slope - regularization_ * down_bias);
    return std::log1p(std::exp(-double{difference}));
  }

 private:
  static float* Row(FactorMatrix& matrix, uint32_t row) {
    return matrix.values.data() + size_t{row} * static_cast<size_t>(matrix.factors);
  }

  BothSides& sides_;
  const float regularization_;
};

// One pass over all pairs, a sampled negative each; the mean loss.
double LearnAll(const Dataset& dataset, const BprOptions& options, uint64_t seed, float rate, Arena& arena,
                Ranking& ranking) {
  const Strata strata(dataset.by_user, seed, arena);
  std::vector<Loss> losses(Strata::kCount * Strata::kCount);
  strata.ForEachBlock(arena, [&](uint32_t user_stratum, uint32_t item_stratum) {
    const auto pairs = strata.Block(user_stratum, item_stratum);
    const NegativeSampler sampler(dataset.by_user, options.negatives, strata.Items(item_stratum), pairs);
    const uint32_t block = user_stratum * Strata::kCount + item_stratum;
    Random random = Random::Fork(seed, ~uint64_t{block});
    for (const RatedPair& pair : pairs) {
      const absl::optional<uint32_t> negative = sampler.Draw(pair.user, random);
      if (!negative.has_value()) continue;
      losses[block].sum += ranking.Learn(pair.user, pair.item, *negative, rate);
      ++losses[block].count;
    }
  });
  Loss total;
  for (const Loss& loss : losses) {
    total.sum += loss.sum;
    total.count += loss.count;
  }
  return total.count == 0 ? 0.0 : total.sum / static_cast<double>(total.count);
}

}  // namespace

absl::StatusOr<std::shared_ptr<const FactorModel>> TrainBpr(const Dataset& dataset, const BprOptions& options,
                                                            const GradientDescentRun& run) {
  RIDGELINE_RETURN_IF_ERROR(ValidateGradientDescent(dataset, options.descent, run, Feedback::kImplicit));
  if (!(options.regularization >= 0.0 && options.regularization <= 1.0)) {
    return absl::InvalidArgumentError(
        absl::StrCat("regularization: must be between 0 and 1, got ", options.regularization));
  }
  BothSides sides = InitialSides(dataset, options.descent, 0.0, *run.arena);
  Ranking ranking(sides, static_cast<float>(options.regularization));
  double mean_loss = 0.0;
  const auto pass = [&](int iteration, float rate) {
    const uint64_t seed = Random::Fork(options.descent.seed, static_cast<uint64_t>(iteration))();
    mean_loss = LearnAll(dataset, options, seed, rate, *run.arena, ranking);
  };
  RIDGELINE_RETURN_IF_ERROR(Descend(options.descent, run, pass, [&] { return mean_loss; }));
  return FinishModel(dataset, options.descent.hyperparameters, 0.0, std::move(sides));
}

absl::string_view NegativeSamplingName(NegativeSampling sampling) {
  return sampling == NegativeSampling::kUniform ? "uniform" : "popularity";
}

absl::StatusOr<NegativeSampling> ParseNegativeSampling(absl::string_view name) {
  for (const NegativeSampling sampling : {NegativeSampling::kUniform, NegativeSampling::kPopularity}) {
    if (name == NegativeSamplingName(sampling)) return sampling;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("negative_sampling: must be uniform or popularity, got '", name, "'"));
}

}  // namespace ridgeline
