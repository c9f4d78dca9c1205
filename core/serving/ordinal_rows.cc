#include "core/serving/ordinal_rows.h"

#include <string>

#include "absl/types/optional.h"

namespace ridgeline {

OrdinalRows::OrdinalRows(const IdMap* item_ids, const Catalog& catalog)
    : item_ids_(item_ids), early_(Find(0, catalog)), late_(std::make_shared<const std::vector<uint32_t>>()) {}

OrdinalRows::View OrdinalRows::Through(uint32_t last, const Catalog& catalog) const {
  MutexLock lock(&mutex_);
  const size_t known = early_.size() + late_->size();
  if (last >= known) {
    std::vector<uint32_t> grown = *late_;
    const std::vector<uint32_t> found = Find(known, catalog);
    grown.insert(grown.end(), found.begin(), found.end());
    late_ = std::make_shared<const std::vector<uint32_t>>(std::move(grown));
  }
  return View(early_, late_);
}

std::vector<uint32_t> OrdinalRows::Find(size_t first, const Catalog& catalog) const {
  std::vector<uint32_t> rows;
  for (const std::string& id : catalog.IdsFromOrdinal(static_cast<uint32_t>(first))) {
    rows.push_back(item_ids_->Find(id).value_or(kNoRow));
  }
  return rows;
}

}  // namespace ridgeline
