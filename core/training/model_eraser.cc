#include "core/training/model_eraser.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

// The rows of the users who were not deleted.
absl::StatusOr<std::vector<uint32_t>> RowsToKeep(const FactorModel& model, uint64_t through,
                                                 const InteractionLog& log,
                                                 const CancellationToken& cancellation) {
  std::vector<uint32_t> rows;
  for (uint32_t row = 0; row < model.user_ids().size(); ++row) {
    if (cancellation.cancelled()) return absl::CancelledError("cancelled while looking for deleted users");
    RIDGELINE_ASSIGN_OR_RETURN(const bool known, MayKnowUser(log, model.user_ids().Id(row), through));
    if (known) rows.push_back(row);
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

absl::StatusOr<std::shared_ptr<const FactorModel>> WithoutDeletedUsers(
    const FactorModel& model, uint64_t through, const InteractionLog& log,
    const CancellationToken& cancellation) {
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<uint32_t> rows, RowsToKeep(model, through, log, cancellation));
  if (rows.size() == model.user_ids().size()) return std::shared_ptr<const FactorModel>();
  FactorModelParts parts = model.parts();
  auto ids = std::make_shared<IdMap>();
  for (const uint32_t row : rows) ids->Add(model.user_ids().Id(row));
  parts.user_ids = std::move(ids);
  parts.users = TakeRows(model.users(), rows);
  return FactorModel::Create(std::move(parts));
}

SweepResult ModelEraser::Sweep(const CancellationToken& cancellation) {
  const Deletions deletions = log_->deletions();
  begun_ = deletions.count;
  const absl::Status removed = store_->RemoveLeftovers();
  SweepResult result;
  if (deletions.count != swept_) {
    result = EraseFromAll(deletions, cancellation);
    if (result.status.ok()) swept_ = deletions.count;
  }
  if (deletions.count == swept_) result.departed = deletions.departed;
  result.status.Update(removed);
  return result;
}

SweepResult ModelEraser::EraseFromAll(const Deletions& deletions, const CancellationToken& cancellation) {
  SweepResult result;
  const absl::StatusOr<std::vector<std::string>> versions = store_->Versions();
  const absl::StatusOr<std::vector<ModelInfo>> infos = store_->List();
  result.status.Update(versions.status());
  result.status.Update(infos.status());
  if (!result.status.ok()) return result;
  result.status = CheckListed(*versions, *infos);
  for (const ModelInfo& info : *infos) {
    if (cancellation.cancelled()) {
      result.status.Update(absl::CancelledError("cancelled before all models were looked at"));
      break;
    }
    // A later one was trained without the users.
    if (info.trained_through_sequence > deletions.last_sequence) continue;
    if (info.trained_through_sequence == 0 && deletions.departed.empty()) continue;
    const absl::Status erased = Erase(info.version, cancellation, &result.changed);
    // A version that went meanwhile took its users along.
    if (!absl::IsNotFound(erased)) result.status.Update(erased);
  }
  return result;
}

absl::Status ModelEraser::CheckListed(const std::vector<std::string>& versions,
                                      const std::vector<ModelInfo>& infos) const {
  for (const std::string& version : versions) {
    const bool listed = std::any_of(infos.begin(), infos.end(),
                                    [&](const ModelInfo& info) { return info.version == version; });
    if (listed) continue;
    absl::Status read = store_->Load(version).status();
    if (!read.ok() && !absl::IsNotFound(read)) return read;
  }
  return absl::OkStatus();
}

absl::Status ModelEraser::Erase(const std::string& version, const CancellationToken& cancellation,
                                std::vector<std::string>* changed) {
  RIDGELINE_ASSIGN_OR_RETURN(const StoredModel stored, store_->Load(version));
  RIDGELINE_ASSIGN_OR_RETURN(
      const std::shared_ptr<const FactorModel> erased,
      WithoutDeletedUsers(*stored.model, stored.info.trained_through_sequence, *log_, cancellation));
  if (erased == nullptr) return absl::OkStatus();
  changed->push_back(version);  // an error may come after the exchange
  return store_->Replace(*erased, stored.info);
}

}  // namespace ridgeline
