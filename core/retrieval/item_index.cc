#include "core/retrieval/item_index.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "core/kernels/kernels.h"
#include "core/retrieval/row_scan.h"
#include "core/retrieval/selective_scan.h"

namespace ridgeline {
namespace {

constexpr size_t kSampledUsers = 10'000;

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

  void Prefetch(uint32_t row) const override { PrefetchRow(items_, row); }

 private:
  const FactorMatrix& items_;
  const absl::Span<const float> vector_;
  const float constant_;
};

// The queries asked of one index, and the places of their answers.
struct Asked {
  std::vector<ScanQuery> scans;
  std::vector<size_t> places;  // [scans]

  void Add(size_t place, const ScanQuery& scan) {
    scans.push_back(scan);
    places.push_back(place);
  }
};

// The root mean square of the users' norms, from some of them: what queries are like.
float TypicalNorm(const FactorMatrix& users) {
  const size_t step = std::max(size_t{1}, users.rows() / kSampledUsers);
  double sum = 0.0;
  size_t count = 0;
  for (size_t row = 0; row < users.rows(); row += step, ++count) {
    for (const float value : users.Row(static_cast<uint32_t>(row))) sum += static_cast<double>(value) * value;
  }
  const double norm = count == 0 ? 0.0 : std::sqrt(sum / static_cast<double>(count));
  return norm > 0.0 && std::isfinite(norm) ? static_cast<float>(norm) : 1.0f;
}

}  // namespace

ItemIndex::ItemIndex(std::shared_ptr<const FactorModel> model, Arena* arena)
    : model_(std::move(model)),
      typical_norm_(TypicalNorm(model_->users())),
      quantized_(model_->items(), typical_norm_, arena),
      cosine_(&model_->items(), &quantized_),
      popularity_(model_->item_popularity()) {}

std::vector<ScoredItem> ItemIndex::TopK(const RetrievalQuery& query) const {
  return std::move(TopKOfEach(absl::MakeConstSpan(&query, 1)).front());
}

std::vector<std::vector<ScoredItem>> ItemIndex::TopKOfEach(absl::Span<const RetrievalQuery> queries,
                                                           ScanStatistics* statistics) const {
  std::vector<ModelScorer> scorers;
  scorers.reserve(queries.size());  // scans point into it
  // Queries share a pass with those that are asked of the same index.
  std::map<const QuantizedMatrix*, Asked> asked;
  for (size_t i = 0; i < queries.size(); ++i) {
    const RetrievalQuery& query = queries[i];
    scorers.emplace_back(model_->items(), query.vector, query.constant);
    const bool is_among = query.among != nullptr && CodesPay(query.k, query.among->rows());
    asked[is_among ? query.among : &quantized_].Add(i, {&query, &scorers.back()});
  }
  std::vector<std::vector<ScoredItem>> answers(queries.size());
  for (const auto& [matrix, of_matrix] : asked) {
    const auto scan = matrix == &quantized_ ? ScanQuantized : ScanCoded;
    auto found = scan(*matrix, ScanScore::kDotProduct, of_matrix.scans, statistics);
    for (size_t i = 0; i < found.size(); ++i) answers[of_matrix.places[i]] = std::move(found[i]);
  }
  return answers;
}

std::vector<ScoredItem> ItemIndex::MostPopular(const RetrievalQuery& query) const {
  return popularity_.TopK(query);
}

absl::optional<QuantizedMatrix> ItemIndex::IndexOf(const ItemFilter& filter) const {
  const uint32_t allowed = filter.CountAllowed();
  if (!IsSelective(allowed, quantized_.rows())) return absl::nullopt;
  std::vector<uint32_t> rows;
  rows.reserve(allowed);
  filter.ForEachAllowed([&](uint32_t row) { rows.push_back(row); });
  return QuantizedMatrix(model_->items(), std::move(rows), typical_norm_, nullptr);
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
