#include "core/retrieval/item_index.h"

#include <algorithm>
#include <utility>

#include "core/kernels/kernels.h"
#include "core/retrieval/row_scan.h"

namespace ridgeline {
namespace {

// s(u, i) = constant + (x_u . y_i + b_i), in that order of additions.
class ModelScorer final : public RowScorer {
 public:
  ModelScorer(const FactorMatrix& items, absl::Span<const float> vector, float constant)
      : items_(items), vector_(vector), constant_(constant) {}

  void ScoreRows(uint32_t first, uint32_t count, float* scores) const override {
    const float* factors = items_.values.data() + size_t{first} * vector_.size();
    kernels::Scores(factors, items_.biases.data() + first, count, static_cast<int>(vector_.size()),
                    vector_.data(), scores);
    for (uint32_t i = 0; i < count; ++i) scores[i] += constant_;
  }

 private:
  const FactorMatrix& items_;
  const absl::Span<const float> vector_;
  const float constant_;
};

// Scores that are there already.
class StoredScorer final : public RowScorer {
 public:
  explicit StoredScorer(absl::Span<const float> scores) : scores_(scores) {}

  void ScoreRows(uint32_t first, uint32_t count, float* scores) const override {
    std::copy_n(scores_.begin() + first, count, scores);
  }

 private:
  const absl::Span<const float> scores_;
};

}  // namespace

ItemIndex::ItemIndex(std::shared_ptr<const FactorModel> model)
    : model_(std::move(model)), cosine_(&model_->items()) {}

std::vector<ScoredItem> ItemIndex::TopK(const RetrievalQuery& query) const {
  const ModelScorer scorer(model_->items(), query.vector, query.constant);
  return ScanTopK(scorer, static_cast<uint32_t>(model_->items().rows()), query);
}

std::vector<ScoredItem> ItemIndex::MostPopular(const RetrievalQuery& query) const {
  const std::vector<float>& popularity = model_->item_popularity();
  return ScanTopK(StoredScorer(popularity), static_cast<uint32_t>(popularity.size()), query);
}

std::vector<ScoredItem> ItemIndex::MostSimilar(absl::Span<const float> vector, int k,
                                               const ItemFilter* filter) const {
  return cosine_.MostSimilar(vector, k, filter);
}

float ItemIndex::Score(absl::Span<const float> vector, float constant, uint32_t row) const {
  float score = 0.0f;
  ModelScorer(model_->items(), vector, constant).ScoreRows(row, 1, &score);
  return score;
}

}  // namespace ridgeline
