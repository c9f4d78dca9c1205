#include "core/training/cold_item_placement.h"

#include <cstdint>
#include <string>
#include <utility>

#include "core/als/attribute_mapping.h"
#include "core/base/status_macros.h"
#include "core/dataset/csr_matrix.h"
#include "core/dataset/tag_matrix.h"

namespace ridgeline {
namespace {

constexpr size_t kItemsPerPage = 1'000;  // the catalogue is locked for one page at a time

// Items of the catalogue beside those of a model, by their tags.
struct TaggedItems {
  IdMap ids;       // the model's, then those that only the catalogue has
  CsrMatrix tags;  // [ids x tags]
};

TaggedItems ReadTags(const Catalog& catalog, const FactorModel& model,
                     const std::vector<float>& interactions) {
  TaggedItems items;
  items.ids = model.item_ids();
  TagMatrixBuilder builder;
  std::vector<Item> page = catalog.List("", kItemsPerPage);
  while (!page.empty()) {
    for (const Item& item : page) {
      if (!item.tags.empty()) builder.Add(items.ids.Add(item.id), item.tags);
    }
    const std::string last = std::move(page.back().id);
    page = catalog.List(last, kItemsPerPage);
  }
  std::vector<bool> teaches(items.ids.size(), false);
  for (size_t row = 0; row < interactions.size(); ++row) teaches[row] = interactions[row] > 0.0f;
  items.tags = builder.Build(teaches, kMaxPlacingTags);
  return items;
}

CsrMatrix FirstRows(const CsrMatrix& matrix, uint32_t rows) {
  CsrMatrix first;
  first.rows = rows;
  first.columns = matrix.columns;
  first.offsets.assign(matrix.offsets.begin(), matrix.offsets.begin() + rows + 1);
  first.column_indices.assign(matrix.column_indices.begin(),
                              matrix.column_indices.begin() + first.offsets.back());
  first.values.assign(matrix.values.begin(), matrix.values.begin() + first.offsets.back());
  return first;
}

// Rows of `items` that the model of `rows` items lacks and that have tags to be placed by.
std::vector<uint32_t> RowsToPlace(const TaggedItems& items, uint32_t rows) {
  std::vector<uint32_t> to_place;
  for (uint32_t row = rows; row < items.tags.rows; ++row) {
    if (items.tags.RowEntries(row) > 0) to_place.push_back(row);
  }
  return to_place;
}

void Append(const UserVector& placed, FactorModelParts& parts) {
  parts.items.values.insert(parts.items.values.end(), placed.factors.begin(), placed.factors.end());
  parts.items.biases.push_back(placed.bias);
  parts.item_popularity.push_back(0.0f);
  ++parts.placed_items;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const FactorModel>> PlaceColdItems(std::shared_ptr<const FactorModel> model,
                                                                  const std::vector<float>& interactions,
                                                                  const Catalog& catalog) {
  const TaggedItems items = ReadTags(catalog, *model, interactions);
  const auto rows = static_cast<uint32_t>(model->items().rows());
  const std::vector<uint32_t> to_place = RowsToPlace(items, rows);
  if (to_place.empty()) return model;
  RIDGELINE_ASSIGN_OR_RETURN(const AttributeMapping mapping,
                             AttributeMapping::Fit(model->items(), FirstRows(items.tags, rows), interactions,
                                                   model->hyperparameters().non_negative));
  FactorModelParts parts = model->parts();
  parts.items.values.reserve(parts.items.values.size() + to_place.size() * model->factors());
  auto ids = std::make_shared<IdMap>(model->item_ids());
  for (const uint32_t row : to_place) {
    ids->Add(items.ids.Id(row));
    Append(mapping.Predict(items.tags.RowColumns(row)), parts);
  }
  parts.item_ids = std::move(ids);
  return FactorModel::Create(std::move(parts));
}

}  // namespace ridgeline
