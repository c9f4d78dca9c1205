#ifndef RIDGELINE_CORE_SERVING_SERVING_SNAPSHOT_H_
#define RIDGELINE_CORE_SERVING_SERVING_SNAPSHOT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/catalog/catalog.h"
#include "core/model/model_file.h"
#include "core/retrieval/cosine_index.h"
#include "core/retrieval/item_index.h"

namespace ridgeline {

/// All that an answer is made from: model, index, ids and version. A request takes one and uses it to its
/// end, so no answer mixes versions. Immutable, thus thread-safe.
class ServingSnapshot {
 public:
  /// Builds the index and maps item rows to the catalogue's ordinals. `catalog` is only used during the call.
  static std::shared_ptr<const ServingSnapshot> Create(StoredModel stored, Catalog& catalog);

  const ModelInfo& info() const { return info_; }
  const std::string& version() const { return info_.version; }
  const FactorModel& model() const { return *model_; }
  const ItemIndex& index() const { return index_; }

  /// Search by cosine over the users' factors.
  const CosineIndex& user_index() const { return user_index_; }

  /// How many items the model has.
  uint32_t items() const { return static_cast<uint32_t>(ordinals_.size()); }

  /// The catalogue's ordinal of each item row, [items].
  const std::vector<uint32_t>& ordinals() const { return ordinals_; }

  /// The item row of a catalogue ordinal, or kNoRow when the model does not have the item.
  uint32_t RowOfOrdinal(uint32_t ordinal) const {
    return ordinal < row_of_ordinal_.size() ? row_of_ordinal_[ordinal] : kNoRow;
  }
  static constexpr uint32_t kNoRow = UINT32_MAX;

  /// The score of each item, [items], for users of whom nothing is known.
  const std::vector<float>& popularity() const { return model_->item_popularity(); }

 private:
  ServingSnapshot(StoredModel stored, std::vector<uint32_t> ordinals);

  ModelInfo info_;
  std::shared_ptr<const FactorModel> model_;
  ItemIndex index_;
  CosineIndex user_index_;
  std::vector<uint32_t> ordinals_;        // [items]
  std::vector<uint32_t> row_of_ordinal_;  // [largest ordinal + 1]
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_SERVING_SNAPSHOT_H_
