#include "core/training/model_eraser.h"

#include <utility>

#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

// The rows of the users of whom the log still has something that the training saw.
absl::StatusOr<std::vector<uint32_t>> RowsToKeep(const FactorModel& model, uint64_t through,
                                                 const InteractionLog& log) {
  std::vector<uint32_t> rows;
  for (uint32_t row = 0; row < model.user_ids().size(); ++row) {
    RIDGELINE_ASSIGN_OR_RETURN(const std::vector<LoggedInteraction> first,
                               log.ReadUser(model.user_ids().Id(row), /*after=*/0, /*limit=*/1));
    if (!first.empty() && first.front().sequence <= through) rows.push_back(row);
  }
  return rows;
}

FactorMatrix TakeRows(const FactorMatrix& matrix, const std::vector<uint32_t>& rows) {
  FactorMatrix taken;
  taken.factors = matrix.factors;
  taken.values.reserve(rows.size() * static_cast<size_t>(matrix.factors));
  taken.biases.reserve(rows.size());
  for (const uint32_t row : rows) {
    const absl::Span<const float> factors = matrix.Row(row);
    taken.values.insert(taken.values.end(), factors.begin(), factors.end());
    taken.biases.push_back(matrix.biases[row]);
  }
  return taken;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const FactorModel>> WithoutDeletedUsers(const FactorModel& model,
                                                                       uint64_t through,
                                                                       const InteractionLog& log) {
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<uint32_t> rows, RowsToKeep(model, through, log));
  if (rows.size() == model.user_ids().size()) return std::shared_ptr<const FactorModel>();
  FactorModelParts parts = model.parts();
  auto ids = std::make_shared<IdMap>();
  for (const uint32_t row : rows) ids->Add(model.user_ids().Id(row));
  parts.user_ids = std::move(ids);
  parts.users = TakeRows(model.users(), rows);
  return FactorModel::Create(std::move(parts));
}

absl::StatusOr<std::vector<std::string>> ModelEraser::Sweep() {
  const Deletions deletions = log_->deletions();
  std::vector<std::string> changed;
  if (deletions.count == swept_) return changed;
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<ModelInfo> infos, store_->List());
  for (const ModelInfo& info : infos) {
    // A model of files knows nothing of the log, and a later one was trained without the users.
    const uint64_t through = info.trained_through_sequence;
    if (through == 0 || through > deletions.last_sequence) continue;
    RIDGELINE_ASSIGN_OR_RETURN(const bool erased, Erase(info.version));
    if (erased) changed.push_back(info.version);
  }
  swept_ = deletions.count;
  return changed;
}

absl::StatusOr<bool> ModelEraser::Erase(const std::string& version) {
  RIDGELINE_ASSIGN_OR_RETURN(const StoredModel stored, store_->Load(version));
  RIDGELINE_ASSIGN_OR_RETURN(const std::shared_ptr<const FactorModel> erased,
                             WithoutDeletedUsers(*stored.model, stored.info.trained_through_sequence, *log_));
  if (erased == nullptr) return false;
  RIDGELINE_RETURN_IF_ERROR(store_->Replace(*erased, stored.info));
  return true;
}

}  // namespace ridgeline
