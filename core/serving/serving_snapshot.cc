#include "core/serving/serving_snapshot.h"

#include <utility>

namespace ridgeline {

std::shared_ptr<const ServingSnapshot> ServingSnapshot::Create(StoredModel stored, const Catalog& catalog,
                                                               Arena* arena) {
  return std::shared_ptr<const ServingSnapshot>(new ServingSnapshot(std::move(stored), catalog, arena));
}

ServingSnapshot::ServingSnapshot(StoredModel stored, const Catalog& catalog, Arena* arena)
    : info_(std::move(stored.info)),
      model_(std::move(stored.model)),
      index_(model_, arena),
      quantized_users_(model_->users(), 1.0f, arena),
      user_index_(&model_->users(), &quantized_users_),
      ordinal_rows_(&model_->item_ids(), catalog),
      tag_selections_(&ordinal_rows_, &index_, items()) {}

}  // namespace ridgeline
