#include "core/als/initial_factors.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "core/als/bias_initialization.h"
#include "core/base/random.h"

namespace ridgeline {
namespace {

constexpr int kBiasRounds = 3;
constexpr int64_t kBlockRows = 1024;
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

void DrawRow(uint64_t seed, int64_t row, absl::Span<float> factors) {
  Random random = Random::Fork(seed, static_cast<uint64_t>(row));
  const double deviation = kInitialDeviation / std::sqrt(static_cast<double>(factors.size()));
  for (float& factor : factors) factor = static_cast<float>(deviation * random.Normal());
}

// Row `row` of `items` from the warm start, if that knows something of the item: users who met only items of
// zero factors would become zero, and keep those items so.
bool CopyRow(const FactorModel& warm_start, absl::string_view id, int64_t row, FactorMatrix& items) {
  const absl::optional<uint32_t> warm_row = warm_start.item_ids().Find(id);
  if (!warm_row.has_value()) return false;
  const absl::Span<const float> factors = warm_start.items().Row(*warm_row);
  if (std::all_of(factors.begin(), factors.end(), [](float factor) { return factor == 0.0f; })) return false;
  std::copy(factors.begin(), factors.end(), items.values.begin() + row * items.factors);
  items.biases[static_cast<size_t>(row)] = warm_start.items().biases[*warm_row];
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
  arena.ParallelFor(matrix.rows, kBlockRows, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      const uint32_t item = static_cast<uint32_t>(row);
      if (matrix.RowEntries(item) == 0) continue;
      if (warm_start != nullptr && CopyRow(*warm_start, dataset.items->Id(item), row, items)) continue;
      DrawRow(seed, row, absl::MakeSpan(items.values).subspan(size_t{item} * items.factors, items.factors));
    }
  });
  return items;
}

}  // namespace ridgeline
