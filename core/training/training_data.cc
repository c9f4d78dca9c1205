#include "core/training/training_data.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "core/base/thread_priority.h"
#include "core/dataset/aggregation.h"

namespace ridgeline {
namespace {

absl::Status NothingToTrainOn() {
  return absl::FailedPreconditionError("there are no interactions to train on");
}

InteractionTable EmptyLike(const InteractionTable& table) {
  InteractionTable empty;
  empty.users = table.users;
  empty.items = table.items;
  return empty;
}

// Leaves only ids that `rows` have, which get new numbers in the order of the old ones.
void DropUnusedIds(std::shared_ptr<const IdMap>& ids, std::vector<uint32_t>& rows) {
  std::vector<bool> used(ids->size(), false);
  for (const uint32_t row : rows) used[row] = true;
  if (std::find(used.begin(), used.end(), false) == used.end()) return;
  auto kept = std::make_shared<IdMap>();
  std::vector<uint32_t> new_rows(used.size());
  for (uint32_t row = 0; row < used.size(); ++row) {
    if (used[row]) new_rows[row] = kept->Add(ids->Id(row));
  }
  for (uint32_t& row : rows) row = new_rows[row];
  ids = std::move(kept);
}

InteractionTable WithUsedIds(InteractionTable table) {
  DropUnusedIds(table.users, table.user_rows);
  DropUnusedIds(table.items, table.item_rows);
  return table;
}

}  // namespace

absl::StatusOr<InteractionTable> ReadTrainingTable(const InteractionLog& log, uint64_t through,
                                                   EventWeight& weight,
                                                   const CancellationToken& cancellation) {
  InteractionTableBuilder builder;
  const absl::Status scanned = log.Scan(through, [&](const LoggedInteraction& logged) {
    if (cancellation.cancelled()) return absl::CancelledError("cancelled while reading");
    builder.AddWeighed(logged.interaction, weight);
    GiveWay();
    return absl::OkStatus();
  });
  if (!scanned.ok()) return scanned;
  InteractionTable table = builder.Build();
  DecayFromNewest(table, weight);
  if (table.size() == 0) return NothingToTrainOn();
  return table;
}

absl::StatusOr<InteractionTable> AggregateEvidence(InteractionTable table, Feedback feedback) {
  InteractionTable aggregated = Aggregate(std::move(table), feedback);
  if (feedback == Feedback::kExplicit) return aggregated;
  const auto is_evidence = [](float weight) { return weight > 0.0f; };
  if (std::all_of(aggregated.values.begin(), aggregated.values.end(), is_evidence)) {
    return WithUsedIds(std::move(aggregated));
  }
  InteractionTable evidence = EmptyLike(aggregated);
  for (int64_t i = 0; i < aggregated.size(); ++i) {
    if (is_evidence(aggregated.values[static_cast<size_t>(i)])) evidence.AppendFrom(aggregated, i);
  }
  if (evidence.size() == 0) return NothingToTrainOn();
  return WithUsedIds(std::move(evidence));
}

}  // namespace ridgeline
