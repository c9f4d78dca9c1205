#include "core/serving/diversity.h"

#include <algorithm>
#include <cmath>

#include "core/kernels/kernels.h"
#include "core/retrieval/cosine_index.h"

namespace ridgeline {
namespace {

// The candidates not taken yet, side by side so that one pass compares them all with the last one taken.
class Pool {
 public:
  Pool(const FactorMatrix& items, const std::vector<ScoredItem>& candidates, float diversity)
      : factors_(items.factors),
        diversity_(diversity),
        relevances_(Relevances(candidates)),
        nearest_(candidates.size(), 0.0f),
        taken_(candidates.size(), false),
        cosines_(candidates.size()) {
    units_.reserve(candidates.size() * static_cast<size_t>(factors_));
    for (const ScoredItem& candidate : candidates) {
      const std::vector<float> unit = UnitVector(items.Row(candidate.row));
      units_.insert(units_.end(), unit.begin(), unit.end());
    }
  }

  // Takes the best candidate that is left; there is one.
  size_t TakeBest() {
    size_t best = relevances_.size();
    for (size_t i = 0; i < relevances_.size(); ++i) {
      if (!taken_[i] && (best == relevances_.size() || Marginal(i) > Marginal(best))) best = i;
    }
    taken_[best] = true;
    CompareAllWith(best);
    return best;
  }

 private:
  float Marginal(size_t i) const { return (1.0f - diversity_) * relevances_[i] - diversity_ * nearest_[i]; }

  void CompareAllWith(size_t taken) {
    const float* unit = units_.data() + taken * static_cast<size_t>(factors_);
    kernels::Scores(units_.data(), nullptr, static_cast<int64_t>(cosines_.size()), factors_, unit,
                    cosines_.data());
    for (size_t i = 0; i < cosines_.size(); ++i) {
      nearest_[i] = any_taken_ ? std::max(nearest_[i], cosines_[i]) : cosines_[i];
    }
    any_taken_ = true;
  }

  const int factors_;
  const float diversity_;
  const std::vector<float> relevances_;  // [candidates]
  std::vector<float> units_;             // [candidates x K]
  std::vector<float> nearest_;           // [candidates] largest cosine with one taken; 0 before the first
  std::vector<bool> taken_;              // [candidates]
  std::vector<float> cosines_;           // [candidates] scratch
  bool any_taken_ = false;
};

}  // namespace

size_t DiversityPool(size_t k) {
  return std::max<size_t>(10 * k, 100);
}

std::vector<ScoredItem> Diversify(const FactorMatrix& items, const std::vector<ScoredItem>& candidates,
                                  size_t k, float diversity) {
  Pool pool(items, candidates, diversity);
  std::vector<ScoredItem> chosen;
  while (chosen.size() < std::min(k, candidates.size())) chosen.push_back(candidates[pool.TakeBest()]);
  return chosen;
}

std::vector<float> Relevances(const std::vector<ScoredItem>& candidates) {
  std::vector<float> relevances(candidates.size(), 1.0f);
  if (candidates.empty()) return relevances;
  const float lowest = candidates.back().score;
  const float range = candidates.front().score - lowest;
  if (!std::isfinite(range) || range <= 0.0f) return relevances;
  for (size_t i = 0; i < candidates.size(); ++i) relevances[i] = (candidates[i].score - lowest) / range;
  return relevances;
}

}  // namespace ridgeline
