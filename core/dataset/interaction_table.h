#ifndef RIDGELINE_CORE_DATASET_INTERACTION_TABLE_H_
#define RIDGELINE_CORE_DATASET_INTERACTION_TABLE_H_

#include <cstdint>
#include <memory>
#include <vector>

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
  std::vector<int64_t> times;          ///< [size] Unix microseconds

  int64_t size() const { return static_cast<int64_t>(user_rows.size()); }

  /// Appends row `index` of `other`, which has the same id maps.
  void AppendFrom(const InteractionTable& other, int64_t index);
};

/// Gathers interactions into a table. Thread-compatible.
class InteractionTableBuilder {
 public:
  InteractionTableBuilder();

  /// Starts from existing ids, so that rows of an earlier model keep their numbers.
  InteractionTableBuilder(const IdMap& users, const IdMap& items);

  void Add(const Interaction& interaction);

  /// The table; the builder is empty afterwards.
  InteractionTable Build();

 private:
  std::shared_ptr<IdMap> users_;
  std::shared_ptr<IdMap> items_;
  InteractionTable table_;
};

/// One row for each distinct (user, item): explicit keeps the latest by time (ties: the one that came last),
/// implicit sums the values and keeps the latest time. Ordered by user row, then item row.
InteractionTable Aggregate(const InteractionTable& table, Feedback feedback);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_DATASET_INTERACTION_TABLE_H_
