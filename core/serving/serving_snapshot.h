#ifndef RIDGELINE_CORE_SERVING_SERVING_SNAPSHOT_H_
#define RIDGELINE_CORE_SERVING_SERVING_SNAPSHOT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/parallel.h"
#include "core/catalog/catalog.h"
#include "core/model/model_file.h"
#include "core/retrieval/cosine_index.h"
#include "core/retrieval/item_index.h"
#include "core/serving/ordinal_rows.h"
#include "core/serving/tag_selections.h"

namespace ridgeline {

/// All that an answer is made from: model, index, ids and version. A request takes one and uses it to its
/// end, so no answer mixes versions. Immutable, thus thread-safe.
class ServingSnapshot {
 public:
  /// Builds the index and finds the rows of the catalogue's items. `catalog` is only used during the call, as
  /// is `arena`, which shares the work; null: the caller alone does it.
  static std::shared_ptr<const ServingSnapshot> Create(StoredModel stored, const Catalog& catalog,
                                                       Arena* arena = nullptr);

  const ModelInfo& info() const { return info_; }
  const std::string& version() const { return info_.version; }
  const FactorModel& model() const { return *model_; }
  const ItemIndex& index() const { return index_; }

  /// Search by cosine over the users' factors.
  const CosineIndex& user_index() const { return user_index_; }

  /// How many items the model has.
  uint32_t items() const { return static_cast<uint32_t>(model_->items().rows()); }

  /// The item rows of the catalogue's ordinals.
  const OrdinalRows& ordinal_rows() const { return ordinal_rows_; }

  /// The item rows that conditions on tags leave.
  const TagSelections& tag_selections() const { return tag_selections_; }

  /// The score of each item, [items], for users of whom nothing is known.
  const std::vector<float>& popularity() const { return model_->item_popularity(); }

 private:
  ServingSnapshot(StoredModel stored, const Catalog& catalog, Arena* arena);

  ModelInfo info_;
  std::shared_ptr<const FactorModel> model_;
  ItemIndex index_;
  QuantizedMatrix quantized_users_;
  CosineIndex user_index_;
  OrdinalRows ordinal_rows_;
  TagSelections tag_selections_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_SERVING_SNAPSHOT_H_
