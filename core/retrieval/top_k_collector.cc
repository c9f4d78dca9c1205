#include "core/retrieval/top_k_collector.h"

#include <algorithm>
#include <utility>

namespace ridgeline {
namespace {

constexpr size_t kSmallestSlack = 64;  // few selections even for k = 1

}  // namespace

TopKCollector::TopKCollector(size_t k, size_t expected) : k_(k), capacity_(k + std::max(k, kSmallestSlack)) {
  held_.reserve(std::min(capacity_, expected));
}

void TopKCollector::Shrink() {
  const auto kth = held_.begin() + static_cast<ptrdiff_t>(k_ - 1);
  std::nth_element(held_.begin(), kth, held_.end(), RanksBefore);
  floor_ = kth->score;
  held_.resize(k_);
  tight_ = true;
}

std::vector<ScoredItem> TopKCollector::Take() {
  if (held_.size() > k_) Shrink();
  std::sort(held_.begin(), held_.end(), RanksBefore);
  return std::move(held_);
}

}  // namespace ridgeline
