#include "core/training/item_flood.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "absl/types/optional.h"

namespace ridgeline {
namespace {

constexpr double kMostShare = 0.2;
constexpr double kMostEvenShares = 10.0;
constexpr double kMostGrowth = 4.0;

double ShareOf(const std::vector<float>& popularity, size_t item) {
  const double all = std::accumulate(popularity.begin(), popularity.end(), 0.0);
  return all > 0.0 ? popularity[item] / all : 0.0;
}

}  // namespace

ItemFlood FindItemFlood(const FactorModel& model, const FactorModel& live) {
  const std::vector<float>& popularity = model.item_popularity();
  if (popularity.empty()) return ItemFlood();
  const auto largest = static_cast<size_t>(
      std::distance(popularity.begin(), std::max_element(popularity.begin(), popularity.end())));
  ItemFlood flood;
  flood.share = ShareOf(popularity, largest);
  flood.item_id = std::string(model.item_ids().Id(static_cast<uint32_t>(largest)));
  const absl::optional<uint32_t> live_row = live.item_ids().Find(flood.item_id);
  if (live_row.has_value()) flood.live_share = ShareOf(live.item_popularity(), *live_row);
  const double most = std::max(
      {kMostShare, kMostEvenShares / static_cast<double>(popularity.size()), kMostGrowth * flood.live_share});
  return flood.share > most ? flood : ItemFlood();
}

}  // namespace ridgeline
