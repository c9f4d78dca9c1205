#include "core/training/item_flood.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace ridgeline {
namespace {

constexpr double kMostShare = 0.2;
constexpr double kMostEvenShares = 10.0;
constexpr double kMostGrowth = 4.0;

double SumOf(const std::vector<float>& popularity) {
  return std::accumulate(popularity.begin(), popularity.end(), 0.0);
}

// Popularity as a share of `all`.
double ShareOf(float popularity, double all) {
  return all > 0.0 ? popularity / all : 0.0;
}

}  // namespace

ItemFlood FindItemFlood(const FactorModel& model, const FactorModel& live) {
  const std::vector<float>& popularity = model.item_popularity();
  const double all = SumOf(popularity);
  const double live_all = SumOf(live.item_popularity());
  const double most = std::max(kMostShare, kMostEvenShares / static_cast<double>(popularity.size()));
  ItemFlood flood;
  for (size_t item = 0; item < popularity.size(); ++item) {
    const double share = ShareOf(popularity[item], all);
    if (share <= std::max(most, flood.share)) continue;
    const absl::string_view id = model.item_ids().Id(static_cast<uint32_t>(item));
    const absl::optional<uint32_t> live_row = live.item_ids().Find(id);
    const double live_share =
        live_row.has_value() ? ShareOf(live.item_popularity()[*live_row], live_all) : 0.0;
    if (share > kMostGrowth * live_share) flood = {std::string(id), share, live_share};
  }
  return flood;
}

}  // namespace ridgeline
