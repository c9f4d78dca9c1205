#include "core/dataset/dataset.h"

#include <utility>

#include "core/dataset/aggregation.h"
namespace ridgeline {
namespace {

// `table` is aggregated, thus ordered by user row, then item row.
CsrMatrix LayOutByUser(InteractionTable&& table) {
  CsrMatrix matrix;
  matrix.rows = static_cast<uint32_t>(table.users->size());
  matrix.columns = static_cast<uint32_t>(table.items->size());
  matrix.offsets.assign(size_t{matrix.rows} + 1, 0);
  for (const uint32_t user : table.user_rows) ++matrix.offsets[size_t{user} + 1];
  for (size_t row = 0; row < matrix.rows; ++row) matrix.offsets[row + 1] += matrix.offsets[row];
  matrix.column_indices = std::move(table.item_rows);
  matrix.values = std::move(table.values);
  return matrix;
}

}  // namespace

Dataset BuildDataset(InteractionTable table, Feedback feedback) {
  Dataset dataset;
  dataset.feedback = feedback;
  dataset.users = table.users;
  dataset.items = table.items;
  dataset.by_user = LayOutByUser(Aggregate(std::move(table), feedback));
  dataset.by_item = Transpose(dataset.by_user);
  return dataset;
}

}  // namespace ridgeline
