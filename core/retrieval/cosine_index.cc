#include "core/retrieval/cosine_index.h"

#include <algorithm>
#include <cmath>

#include "core/kernels/kernels.h"
#include "core/retrieval/row_scan.h"

namespace ridgeline {
namespace {

class CosineScorer final : public RowScorer {
 public:
  CosineScorer(const FactorMatrix& matrix, absl::Span<const float> inverse_norms,
               absl::Span<const float> unit)
      : matrix_(matrix), inverse_norms_(inverse_norms), unit_(unit) {}

  void ScoreRows(uint32_t first, uint32_t count, float* scores) const override {
    const float* factors = matrix_.values.data() + size_t{first} * unit_.size();
    kernels::Scores(factors, nullptr, count, static_cast<int>(unit_.size()), unit_.data(), scores);
    for (uint32_t i = 0; i < count; ++i) {
      scores[i] = std::clamp(scores[i] * inverse_norms_[first + i], -1.0f, 1.0f);
    }
  }

 private:
  const FactorMatrix& matrix_;
  const absl::Span<const float> inverse_norms_;
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

CosineIndex::CosineIndex(const FactorMatrix* matrix) : matrix_(matrix) {
  inverse_norms_.reserve(matrix->rows());
  for (uint32_t row = 0; row < matrix->rows(); ++row) inverse_norms_.push_back(InverseNorm(matrix->Row(row)));
}

std::vector<ScoredItem> CosineIndex::MostSimilar(absl::Span<const float> vector, int k,
                                                 const ItemFilter* filter) const {
  const std::vector<float> unit = UnitVector(vector);
  const CosineScorer scorer(*matrix_, inverse_norms_, unit);
  RetrievalQuery query;
  query.k = k;
  query.filter = filter;
  return ScanTopK(scorer, static_cast<uint32_t>(matrix_->rows()), query);
}

}  // namespace ridgeline
