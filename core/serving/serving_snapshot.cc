#include "core/serving/serving_snapshot.h"

#include <algorithm>
#include <utility>

#include "absl/strings/string_view.h"

namespace ridgeline {
namespace {

std::vector<absl::string_view> AllIds(const IdMap& ids) {
  std::vector<absl::string_view> all;
  all.reserve(ids.size());
  for (uint32_t row = 0; row < ids.size(); ++row) all.push_back(ids.Id(row));
  return all;
}

std::vector<uint32_t> RowsByOrdinal(const std::vector<uint32_t>& ordinals) {
  if (ordinals.empty()) return {};
  std::vector<uint32_t> rows(size_t{*std::max_element(ordinals.begin(), ordinals.end())} + 1,
                             ServingSnapshot::kNoRow);
  for (uint32_t row = 0; row < ordinals.size(); ++row) rows[ordinals[row]] = row;
  return rows;
}

}  // namespace

std::shared_ptr<const ServingSnapshot> ServingSnapshot::Create(StoredModel stored, Catalog& catalog) {
  std::vector<uint32_t> ordinals = catalog.Ordinals(AllIds(stored.model->item_ids()));
  return std::shared_ptr<const ServingSnapshot>(new ServingSnapshot(std::move(stored), std::move(ordinals)));
}

ServingSnapshot::ServingSnapshot(StoredModel stored, std::vector<uint32_t> ordinals)
    : info_(std::move(stored.info)),
      model_(std::move(stored.model)),
      index_(model_),
      user_index_(&model_->users()),
      ordinals_(std::move(ordinals)),
      row_of_ordinal_(RowsByOrdinal(ordinals_)) {}

}  // namespace ridgeline
