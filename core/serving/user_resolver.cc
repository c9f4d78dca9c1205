#include "core/serving/user_resolver.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/als/fold_in.h"
#include "core/base/status_macros.h"
#include "core/interactions/packed_history.h"
#include "core/serving/history_builder.h"
#include "core/serving/number_overflow.h"

namespace ridgeline {
namespace {

// Of a user's log, for the next model: about a thousand interactions, so that few users do not take the
// memory of many.
constexpr size_t kMostBytesKept = 32 << 10;

// The row of each interaction's item, or IdMap::kAbsent.
std::vector<uint32_t> ItemRowsOf(const PackedHistory& logged, const IdMap& item_ids) {
  std::vector<absl::string_view> ids;
  ids.reserve(logged.size());
  logged.ForEach([&](const InteractionView& interaction) { ids.push_back(interaction.item_id); });
  std::vector<uint32_t> rows(ids.size());
  item_ids.FindAll(ids, absl::MakeSpan(rows));
  return rows;
}

HistoryBuilder AggregateLogged(const PackedHistory& logged, const FactorModel& model) {
  HistoryBuilder builder(model.hyperparameters().feedback, model.hyperparameters().event_weight);
  builder.Reserve(logged.size());
  const std::vector<uint32_t> rows = ItemRowsOf(logged, model.item_ids());
  auto row = rows.begin();
  logged.ForEach([&](const InteractionView& interaction) {
    if (*row != IdMap::kAbsent) {
      builder.Add(*row, interaction.value, interaction.time, interaction.event_type);
    }
    ++row;
  });
  return builder;
}

absl::StatusOr<HistoryBuilder> AggregateGiven(const HistorySubject& subject,
                                              const Hyperparameters& hyperparameters, ItemLookup& lookup) {
  HistoryBuilder builder(hyperparameters.feedback, hyperparameters.event_weight);
  for (size_t i = 0; i < subject.entries.size(); ++i) {
    RIDGELINE_ASSIGN_OR_RETURN(const absl::optional<uint32_t> row,
                               lookup.Find(subject.entries[i].item_id,
                                           [i] { return absl::StrCat("history.entries[", i, "].item_id"); }));
    if (row.has_value()) builder.Add(*row, subject.entries[i].value, absl::InfiniteFuture());
  }
  return builder;
}

UserState StateOfHistory(const HistoryBuilder& builder, const ServingSnapshot& snapshot) {
  UserState state;
  state.model_version = snapshot.version();
  state.history = builder.Build();
  state.unweighed_rows = builder.UnweighedRows();
  return state;
}

// Gives `state` the vector that its history makes, or none when there is nothing to weigh. A model without
// factors or biases of users has the same vector for all. `subject` is whose history it is.
absl::Status FoldIn(const FactorModel& model, const Subject& subject, UserState& state) {
  const bool has_user_side = model.factors() > 0 || HasBiases(model.hyperparameters());
  if (state.history.size() == 0 || !has_user_side) return absl::OkStatus();
  absl::StatusOr<UserVector> vector = FoldInUser(model, state.history);
  if (!vector.ok()) return AboutNumbers(subject, vector.status());
  state.vector = *std::move(vector);
  state.source = RecommendationSource::kFoldIn;
  return absl::OkStatus();
}

UserState StateOfVector(const VectorSubject& subject, const ServingSnapshot& snapshot) {
  UserState state;
  state.model_version = snapshot.version();
  state.vector = subject.vector;
  state.source = RecommendationSource::kVector;
  state.known = true;
  return state;
}

absl::StatusOr<UserState> StateOfGivenHistory(const HistorySubject& subject, const ServingSnapshot& snapshot,
                                              ItemLookup& lookup) {
  const FactorModel& model = snapshot.model();
  RIDGELINE_ASSIGN_OR_RETURN(const HistoryBuilder builder,
                             AggregateGiven(subject, model.hyperparameters(), lookup));
  UserState state = StateOfHistory(builder, snapshot);
  state.known = !subject.entries.empty();
  RIDGELINE_RETURN_IF_ERROR(FoldIn(model, subject, state));
  return state;
}

absl::StatusOr<UserState> StateOfUser(const std::string& user_id, const PackedHistory& logged,
                                      const ServingSnapshot& snapshot, const InteractionLog& log) {
  const FactorModel& model = snapshot.model();
  UserState state = StateOfHistory(AggregateLogged(logged, model), snapshot);
  const uint64_t through = snapshot.info().trained_through_sequence;
  const bool may_know = MayKnowUser(log, user_id, through, logged.first_sequence());
  const absl::optional<uint32_t> row = may_know ? model.user_ids().Find(user_id) : absl::nullopt;
  state.known = !logged.empty() || row.has_value();
  const bool is_newer = logged.last_sequence() > through;
  if (!row.has_value() || is_newer) RIDGELINE_RETURN_IF_ERROR(FoldIn(model, UserSubject{user_id}, state));
  if (row.has_value() && state.source == RecommendationSource::kPopular) {
    state.vector = model.User(*row);
    state.source = RecommendationSource::kModel;
  }
  return state;
}

std::shared_ptr<const UserState> Share(UserState state) {
  return std::make_shared<const UserState>(std::move(state));
}

}  // namespace

absl::StatusOr<std::shared_ptr<const UserState>> UserResolver::Resolve(const Subject& subject,
                                                                       const ServingSnapshot& snapshot,
                                                                       ItemLookup& lookup) {
  if (const auto* user = std::get_if<UserSubject>(&subject)) return ResolveUser(user->user_id, snapshot);
  if (const auto* vector = std::get_if<VectorSubject>(&subject))
    return Share(StateOfVector(*vector, snapshot));
  RIDGELINE_ASSIGN_OR_RETURN(UserState state,
                             StateOfGivenHistory(std::get<HistorySubject>(subject), snapshot, lookup));
  return Share(std::move(state));
}

absl::StatusOr<std::shared_ptr<const UserState>> UserResolver::ResolveUser(const std::string& user_id,
                                                                           const ServingSnapshot& snapshot) {
  const uint64_t generation = log_->generation();  // before any read, which may be of a later one
  const UserCache::Lookup kept = cache_.Find(user_id);
  const bool is_of_log = kept.state != nullptr && kept.state->log_generation == generation;
  if (is_of_log && kept.state->model_version == snapshot.version()) return kept.state;
  std::shared_ptr<const PackedHistory> logged = is_of_log ? kept.state->logged : nullptr;
  if (logged == nullptr) {
    RIDGELINE_ASSIGN_OR_RETURN(PackedHistory read, PackedHistory::Read(*log_, user_id));
    logged = std::make_shared<const PackedHistory>(std::move(read));
  }
  RIDGELINE_ASSIGN_OR_RETURN(UserState state, StateOfUser(user_id, *logged, snapshot, *log_));
  state.log_generation = generation;
  if (logged->bytes() <= kMostBytesKept) state.logged = std::move(logged);
  std::shared_ptr<const UserState> shared = Share(std::move(state));
  cache_.Put(user_id, kept.ticket, shared);
  return shared;
}

absl::StatusOr<bool> UserResolver::MayAnswerWith(const ServingSnapshot& snapshot, uint32_t user_row) const {
  return MayKnowUser(*log_, snapshot.model().user_ids().Id(user_row),
                     snapshot.info().trained_through_sequence);
}

}  // namespace ridgeline
