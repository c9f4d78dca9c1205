#include "core/als/initial_factors.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "core/als/bias_initialization.h"
#include "core/als/warm_items.h"
#include "core/base/random.h"

namespace ridgeline {
namespace {

constexpr int kBiasRounds = 3;
constexpr int64_t kInitialBlockRows = 1024;
// Times 1 / sqrt(K): the scores of the first step are small whatever K is.
constexpr double kInitialDeviation = 0.1;

std::vector<float> InitialItemBiases(const Dataset& dataset, double global_mean, double regularization) {
  std::vector<float> items(dataset.by_item.rows, 0.0f);
  for (int round = 0; round < kBiasRounds; ++round) {
    const std::vector<float> users = SolveBiases(dataset.by_user, global_mean, items, regularization);
    items = SolveBiases(dataset.by_item, global_mean, users, regularization);
  }
  return items;
}

void DrawRow(uint64_t seed, int64_t row, bool non_negative, absl::Span<float> factors) {
  Random random = Random::Fork(seed, static_cast<uint64_t>(row));
  const double deviation = kInitialDeviation / std::sqrt(static_cast<double>(factors.size()));
  for (float& factor : factors) {
    const double drawn = deviation * random.Normal();
    factor = static_cast<float>(non_negative ? std::abs(drawn) : drawn);
  }
}

// Row `item` of `items` from the warm start, if that tells anything that the hyperparameters allow.
bool CopyRow(const WarmItems& warm_items, const Hyperparameters& hyperparameters, uint32_t item,
             FactorMatrix& items) {
  const absl::optional<UserVector> warm = warm_items.Find(item);
  if (!warm.has_value()) return false;
  const bool any_below =
      std::any_of(warm->factors.begin(), warm->factors.end(), [](float factor) { return factor < 0.0f; });
  if (hyperparameters.non_negative && any_below) return false;
  std::copy(warm->factors.begin(), warm->factors.end(), items.values.begin() + int64_t{item} * items.factors);
  if (HasBiases(hyperparameters)) items.biases[item] = warm->bias;
  return true;
}

}  // namespace

FactorMatrix InitialItems(const Dataset& dataset, const Hyperparameters& hyperparameters, double global_mean,
                          uint64_t seed, const FactorModel* warm_start, Arena& arena) {
  const CsrMatrix& matrix = dataset.by_item;
  FactorMatrix items;
  items.factors = hyperparameters.factors;
  items.values.assign(size_t{matrix.rows} * static_cast<size_t>(items.factors), 0.0f);
  items.biases.assign(matrix.rows, 0.0f);
  if (hyperparameters.feedback == Feedback::kExplicit) {
    items.biases = InitialItemBiases(dataset, global_mean, hyperparameters.bias_regularization);
  }
  absl::optional<WarmItems> warm_items;
  if (warm_start != nullptr) warm_items.emplace(*warm_start, dataset);
  arena.ParallelFor(matrix.rows, kInitialBlockRows, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      const uint32_t item = static_cast<uint32_t>(row);
      if (matrix.RowEntries(item) == 0) continue;
      if (warm_items.has_value() && CopyRow(*warm_items, hyperparameters, item, items)) continue;
      DrawRow(seed, row, hyperparameters.non_negative,
              absl::MakeSpan(items.values).subspan(size_t{item} * items.factors, items.factors));
    }
  });
  return items;
}

}  // namespace ridgeline
