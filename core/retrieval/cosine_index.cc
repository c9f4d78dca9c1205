#include "core/retrieval/cosine_index.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/kernels/kernels.h"
#include "core/retrieval/quantized_scan.h"
#include "core/retrieval/row_scan.h"

namespace ridgeline {
namespace {

class CosineScorer final : public RowScorer {
 public:
  CosineScorer(const FactorMatrix& matrix, absl::Span<const float> unit) : matrix_(matrix), unit_(unit) {}

  void ScoreRows(uint32_t first, uint32_t count, float* scores) const override {
    const float* factors = matrix_.values.data() + size_t{first} * unit_.size();
    kernels::Scores(factors, nullptr, count, static_cast<int>(unit_.size()), unit_.data(), scores);
    for (uint32_t i = 0; i < count; ++i) {
      scores[i] = std::clamp(scores[i] * InverseNorm(matrix_.Row(first + i)), -1.0f, 1.0f);
    }
  }

  void Prefetch(uint32_t row) const override { PrefetchRow(matrix_, row); }

 private:
  const FactorMatrix& matrix_;
  const absl::Span<const float> unit_;
};

}  // namespace

float InverseNorm(absl::Span<const float> vector) {
  double sum = 0.0;
  for (float value : vector) sum += static_cast<double>(value) * value;
  const auto inverse = static_cast<float>(1.0 / std::sqrt(sum));
  return std::isfinite(inverse) ? inverse : 0.0f;
}

std::vector<float> UnitVector(absl::Span<const float> vector) {
  const float inverse = InverseNorm(vector);
  std::vector<float> unit(vector.begin(), vector.end());
  for (float& value : unit) value *= inverse;
  return unit;
}

std::vector<ScoredItem> CosineIndex::MostSimilar(absl::Span<const float> vector, int k,
                                                 const ItemFilter* filter) const {
  const std::vector<float> unit = UnitVector(vector);
  const CosineScorer scorer(*matrix_, unit);
  RetrievalQuery query;
  query.vector = unit;
  query.k = k;
  query.filter = filter;
  const ScanQuery scan{&query, &scorer};
  return std::move(
      ScanQuantized(*quantized_, ScanScore::kCosine, absl::MakeConstSpan(&scan, 1), nullptr).front());
}

}  // namespace ridgeline
