#ifndef RIDGELINE_CORE_DATASET_INTERACTION_TABLE_H_
#define RIDGELINE_CORE_DATASET_INTERACTION_TABLE_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "core/dataset/event_weight.h"
#include "core/dataset/id_map.h"
#include "core/interactions/interaction.h"

namespace ridgeline {

/// What the value of an interaction means; it decides how duplicates combine and which loss is trained.
enum class Feedback {
  kExplicit,  ///< a rating: the latest of a user's ratings of an item counts
  kImplicit,  ///< evidence: the weights of a user's interactions with an item add up
};

/// Interactions as columns of rows and numbers, in the order in which they came. The id maps are shared by
/// every part that is split off. A plain value.
struct InteractionTable {
  std::shared_ptr<const IdMap> users;  ///< never null in a table of InteractionTableBuilder
  std::shared_ptr<const IdMap> items;  ///< likewise
  std::vector<uint32_t> user_rows;     ///< [size]
  std::vector<uint32_t> item_rows;     ///< [size]
  std::vector<float> values;           ///< [size]
  std::vector<int64_t> times;          ///< [size] Unix microseconds; empty where they do not matter

  int64_t size() const { return static_cast<int64_t>(user_rows.size()); }

  /// Appends row `index` of `other`, which has the same id maps.
  void AppendFrom(const InteractionTable& other, int64_t index);
};

/// Whether a table keeps the times of interactions, two fifths of its memory. They decide which of a user's
/// ratings of an item counts, how much weights decay, and splits by time.
enum class Times { kKept, kDropped };

/// Gathers interactions into a table. Thread-compatible.
class InteractionTableBuilder {
 public:
  explicit InteractionTableBuilder(Times times = Times::kKept);

  /// Starts from existing ids, so that rows of an earlier model keep their numbers.
  InteractionTableBuilder(const IdMap& users, const IdMap& items);

  void Add(const InteractionView& interaction);

  /// Adds `interaction` with its value weighed by `weight`'s factor of its type; with a factor of 0 not at
  /// all, so that its ids are not there for its sake.
  void AddWeighed(const InteractionView& interaction, const EventWeight& weight);

  /// An empty builder of a part of the interactions, which keeps times as this one does.
  InteractionTableBuilder MakePart() const { return InteractionTableBuilder(times_); }

  /// Adds all that `part`, which MakePart made, holds, as if it had been added here one by one; `part` is
  /// empty afterwards and keeps its memory for the next.
  void AddPart(InteractionTableBuilder* part);

  /// The table; the builder is empty afterwards.
  InteractionTable Build();

 private:
  void AddValue(const InteractionView& interaction, float value);

  Times times_ = Times::kKept;
  std::shared_ptr<IdMap> users_;
  std::shared_ptr<IdMap> items_;
  InteractionTable table_;
};

/// Lets the values of `table` decay with the age of their events, as `weight` says, measured from the newest
/// of them, whose time becomes weight.reference_time. The table has times. To be done before aggregation.
/// Events of which nothing is left in float32 go. Without a half-life nothing changes.
void DecayFromNewest(InteractionTable& table, EventWeight& weight);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_DATASET_INTERACTION_TABLE_H_
