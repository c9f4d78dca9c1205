#include "core/retrieval/naive_scan.h"

#include <algorithm>
#include <cmath>

#include "core/kernels/kernels.h"

namespace ridgeline {
namespace {

bool Answers(const ScoredItem& item, const RetrievalQuery& query) {
  if (query.filter != nullptr && !query.filter->Allows(item.row)) return false;
  if (query.minimum_score.has_value() && item.score < *query.minimum_score) return false;
  return !query.after.has_value() || RanksBefore(*query.after, item);
}

std::vector<ScoredItem> SortedPrefix(std::vector<ScoredItem> items, int k) {
  std::sort(items.begin(), items.end(), RanksBefore);
  items.resize(std::min(items.size(), static_cast<size_t>(k)));
  return items;
}

double NaiveDot(absl::Span<const float> a, absl::Span<const float> b) {
  double sum = 0.0;
  for (size_t f = 0; f < a.size(); ++f) sum += static_cast<double>(a[f]) * b[f];
  return sum;
}

}  // namespace

std::vector<ScoredItem> NaiveTopK(const FactorModel& model, const RetrievalQuery& query) {
  std::vector<ScoredItem> items;
  for (uint32_t row = 0; row < model.items().rows(); ++row) {
    const absl::Span<const float> factors = model.items().Row(row);
    float score = kernels::Dot(factors.data(), query.vector.data(), model.factors());
    score = score + model.items().biases[row] + query.constant;
    if (query.adjustment != nullptr) score = query.adjustment->Adjust(row, score);
    const ScoredItem item{row, Rankable(score)};
    if (Answers(item, query)) items.push_back(item);
  }
  return SortedPrefix(std::move(items), query.k);
}

std::vector<ScoredItem> NaiveMostSimilar(const FactorMatrix& matrix, absl::Span<const float> vector, int k,
                                         const ItemFilter* filter) {
  std::vector<ScoredItem> items;
  for (uint32_t row = 0; row < matrix.rows(); ++row) {
    if (filter != nullptr && !filter->Allows(row)) continue;
    const absl::Span<const float> factors = matrix.Row(row);
    const double norms = std::sqrt(NaiveDot(factors, factors) * NaiveDot(vector, vector));
    const double cosine = norms > 0.0 ? NaiveDot(factors, vector) / norms : 0.0;
    items.push_back({row, static_cast<float>(cosine)});
  }
  return SortedPrefix(std::move(items), k);
}

}  // namespace ridgeline
