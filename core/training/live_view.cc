#include "core/training/live_view.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "core/als/fold_in.h"
#include "core/base/status_macros.h"
#include "core/base/thread_priority.h"

namespace ridgeline {
namespace {

constexpr int64_t kUsersPerBlock = 16;

// Where a dataset's item is in a model, or IdMap::kAbsent.
using RowOfItem = std::vector<uint32_t>;

RowOfItem RowsIn(const IdMap& ids, const IdMap& dataset_items) {
  RowOfItem rows(dataset_items.size());
  for (uint32_t item = 0; item < rows.size(); ++item) {
    rows[item] = ids.Find(dataset_items.Id(item)).value_or(IdMap::kAbsent);
  }
  return rows;
}

// Whether a model may have been trained on `event`.
bool MayHaveSeen(const ModelInfo& model, const LoggedInteraction& event) {
  if (model.trained_through_sequence > 0) return event.sequence <= model.trained_through_sequence;
  return event.interaction.time <= model.create_time;
}

// The items of a user's events that the live model may have been trained on. `complete` is false where there
// are too many events to tell.
struct SeenItems {
  absl::flat_hash_set<std::string> ids;
  bool complete = true;
};

absl::StatusOr<SeenItems> ItemsSeenOf(absl::string_view user, const ModelInfo& model,
                                      const InteractionLog& log) {
  SeenItems seen;
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<LoggedInteraction> events,
                             log.ReadUser(user, 0, kMostEventsRead + 1));
  seen.complete = events.size() <= kMostEventsRead;
  for (const LoggedInteraction& event : events) {
    if (MayHaveSeen(model, event)) seen.ids.insert(event.interaction.item_id);
  }
  return seen;
}

// Builds a CsrMatrix row by row.
class RowAppender {
 public:
  void Add(uint32_t column, float value) {
    matrix_.column_indices.push_back(column);
    matrix_.values.push_back(value);
  }

  // What was added since the last row is the next one.
  void EndRow() {
    matrix_.offsets.push_back(static_cast<int64_t>(matrix_.column_indices.size()));
    ++matrix_.rows;
  }

  int64_t added() const {
    return static_cast<int64_t>(matrix_.column_indices.size()) - matrix_.offsets.back();
  }

  void DropRow() {
    matrix_.column_indices.resize(static_cast<size_t>(matrix_.offsets.back()));
    matrix_.values.resize(matrix_.column_indices.size());
  }

  CsrMatrix Finish(size_t columns) {
    matrix_.columns = static_cast<uint32_t>(columns);
    return std::move(matrix_);
  }

 private:
  CsrMatrix matrix_;
};

// Finds the common items, then the users one after another.
class GroundFinder {
 public:
  GroundFinder(const Dataset& train, const FactorModel& live)
      : train_(train), users_(std::make_shared<IdMap>()) {
    ground_.live_rows = RowsIn(live.item_ids(), *train.items);
    column_of_.assign(ground_.live_rows.size(), IdMap::kAbsent);
    auto items = std::make_shared<IdMap>();
    for (uint32_t item = 0; item < ground_.live_rows.size(); ++item) {
      if (ground_.live_rows[item] == IdMap::kAbsent) continue;
      column_of_[item] = items->Add(train.items->Id(item));
      ground_.new_items.push_back(item);
      ground_.popularity.push_back(static_cast<float>(train.by_item.RowEntries(item)));
    }
    ground_.items = std::move(items);
  }

  void AddUser(uint32_t user, absl::Span<const uint32_t> tested, absl::Span<const float> ratings,
               const SeenItems& seen) {
    for (size_t i = 0; i < tested.size(); ++i) {
      const bool was_seen = seen.ids.contains(train_.items->Id(tested[i]));
      if (!was_seen && IsCommon(tested[i])) test_.Add(column_of_[tested[i]], ratings[i]);
    }
    const auto items = train_.by_user.RowColumns(user);
    const auto values = train_.by_user.RowValues(user);
    for (size_t i = 0; i < items.size(); ++i) {
      if (IsCommon(items[i])) known_.Add(column_of_[items[i]], values[i]);
    }
    if (test_.added() == 0 || known_.added() == 0) {
      test_.DropRow();
      known_.DropRow();
      return;
    }
    test_.EndRow();
    known_.EndRow();
    ground_.user_rows.push_back(user);
    users_->Add(train_.users->Id(user));
  }

  CommonGround Finish() {
    ground_.users = std::move(users_);
    ground_.held_out.test = test_.Finish(ground_.new_items.size());
    ground_.held_out.known = known_.Finish(ground_.new_items.size());
    return std::move(ground_);
  }

 private:
  bool IsCommon(uint32_t item) const { return column_of_[item] != IdMap::kAbsent; }

  const Dataset& train_;
  CommonGround ground_;
  std::shared_ptr<IdMap> users_;
  std::vector<uint32_t> column_of_;  // [dataset's items]
  RowAppender test_;
  RowAppender known_;
};

// `user`'s history as far as it is in `row_of` the model, folded in.
absl::StatusOr<UserVector> FoldIn(const FactorModel& model, const Dataset& train, uint32_t user,
                                  const RowOfItem& row_of) {
  if (model.factors() == 0) return UserVector();
  History history;
  const auto items = train.by_user.RowColumns(user);
  const auto values = train.by_user.RowValues(user);
  for (size_t i = 0; i < items.size(); ++i) {
    if (row_of[items[i]] == IdMap::kAbsent) continue;
    history.rows.push_back(row_of[items[i]]);
    history.values.push_back(values[i]);
  }
  return FoldInUser(model, history);
}

absl::StatusOr<FactorMatrix> FoldInUsers(const CommonGround& ground, const FactorModel& model,
                                         const Dataset& train, const RowOfItem& row_of, Arena& arena,
                                         const CancellationToken& cancellation) {
  const auto factors = static_cast<size_t>(model.factors());
  const size_t count = ground.user_rows.size();
  FactorMatrix users;
  users.factors = model.factors();
  users.values.resize(count * factors);
  users.biases.resize(count);
  std::vector<absl::Status> statuses(count);
  arena.ParallelFor(static_cast<int64_t>(count), kUsersPerBlock, [&](int64_t begin, int64_t end) {
    if (cancellation.cancelled()) return;
    for (auto i = static_cast<size_t>(begin); i < static_cast<size_t>(end); ++i) {
      const absl::StatusOr<UserVector> vector = FoldIn(model, train, ground.user_rows[i], row_of);
      statuses[i] = vector.status();
      if (!vector.ok()) continue;
      std::copy(vector->factors.begin(), vector->factors.end(), users.values.begin() + i * factors);
      users.biases[i] = vector->bias;
      GiveWay();
    }
  });
  if (cancellation.cancelled()) return absl::CancelledError("cancelled while folding in");
  for (const absl::Status& status : statuses) RIDGELINE_RETURN_IF_ERROR(status);
  return users;
}

FactorMatrix TakeItems(const CommonGround& ground, const FactorModel& model, const RowOfItem& row_of) {
  FactorMatrix items;
  items.factors = model.factors();
  items.values.reserve(ground.new_items.size() * static_cast<size_t>(model.factors()));
  for (const uint32_t item : ground.new_items) {
    const auto row = model.items().Row(row_of[item]);
    items.values.insert(items.values.end(), row.begin(), row.end());
    items.biases.push_back(model.items().biases[row_of[item]]);
  }
  return items;
}

absl::StatusOr<std::shared_ptr<const FactorModel>> View(const CommonGround& ground, const Dataset& train,
                                                        const FactorModel& model, const RowOfItem& row_of,
                                                        Arena& arena, const CancellationToken& cancellation) {
  FactorModelParts parts;
  parts.hyperparameters = model.hyperparameters();
  parts.global_mean = model.global_mean();
  parts.user_ids = ground.users;
  parts.item_ids = ground.items;
  parts.item_popularity = ground.popularity;
  RIDGELINE_ASSIGN_OR_RETURN(parts.users, FoldInUsers(ground, model, train, row_of, arena, cancellation));
  parts.items = TakeItems(ground, model, row_of);
  return FactorModel::Create(std::move(parts));
}

}  // namespace

absl::StatusOr<CommonGround> FindCommonGround(const Dataset& train, const CsrMatrix& test,
                                              const FactorModel& live, const ModelInfo& live_info,
                                              const InteractionLog& log,
                                              const CancellationToken& cancellation) {
  GroundFinder finder(train, live);
  for (uint32_t user = 0; user < test.rows; ++user) {
    if (test.RowEntries(user) == 0) continue;
    if (cancellation.cancelled()) return absl::CancelledError("cancelled while reading the tested users");
    RIDGELINE_ASSIGN_OR_RETURN(const SeenItems seen, ItemsSeenOf(train.users->Id(user), live_info, log));
    if (seen.complete) finder.AddUser(user, test.RowColumns(user), test.RowValues(user), seen);
  }
  return finder.Finish();
}

absl::StatusOr<std::shared_ptr<const FactorModel>> NewView(const CommonGround& ground, const Dataset& train,
                                                           const FactorModel& model, Arena& arena,
                                                           const CancellationToken& cancellation) {
  return View(ground, train, model, RowsIn(model.item_ids(), *train.items), arena, cancellation);
}

absl::StatusOr<std::shared_ptr<const FactorModel>> LiveView(const CommonGround& ground, const Dataset& train,
                                                            const FactorModel& live, Arena& arena,
                                                            const CancellationToken& cancellation) {
  return View(ground, train, live, ground.live_rows, arena, cancellation);
}

}  // namespace ridgeline
