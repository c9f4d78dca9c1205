#include "core/evaluation/protocol.h"

#include <utility>

namespace ridgeline {
namespace {

CsrMatrix BuildMatrix(InteractionTable&& table, Feedback feedback) {
  return BuildDataset(std::move(table), feedback).by_user;
}

}  // namespace

int64_t RowsWithEntries(const CsrMatrix& matrix) {
  int64_t rows = 0;
  for (uint32_t row = 0; row < matrix.rows; ++row) rows += matrix.RowEntries(row) > 0 ? 1 : 0;
  return rows;
}

EvaluationData BuildEvaluationData(Split split, Feedback feedback) {
  EvaluationData data;
  data.held_out.fold_in_known = split.fold_in.size() > 0;
  if (data.held_out.fold_in_known) data.held_out.known = BuildMatrix(std::move(split.fold_in), feedback);
  data.held_out.test = BuildMatrix(std::move(split.test), feedback);
  data.train = BuildDataset(std::move(split.train), feedback);
  data.train_users = RowsWithEntries(data.train.by_user);
  data.train_items = RowsWithEntries(data.train.by_item);
  data.train_interactions = data.train.by_user.entries();
  return data;
}

void FinishTraining(EvaluationData* data) {
  data->train.by_item = CsrMatrix();
  if (!data->held_out.fold_in_known) data->held_out.known = std::move(data->train.by_user);
  data->train.by_user = CsrMatrix();
}

}  // namespace ridgeline
