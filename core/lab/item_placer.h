#ifndef RIDGELINE_CORE_LAB_ITEM_PLACER_H_
#define RIDGELINE_CORE_LAB_ITEM_PLACER_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/als/attribute_mapping.h"
#include "core/base/parallel.h"
#include "core/evaluation/evaluator.h"
#include "core/lab/cold_items.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// How held-out items get into a model that was trained without them.
enum class Placement {
  kNone,        ///< not at all: they are not answered
  kRandom,      ///< in random order, the same for all users; a reference
  kPopular,     ///< by how many interactions they have, tested ones too, which is known in hindsight only
  kAverage,     ///< all alike, as the average item
  kAttributes,  ///< as AttributeMapping predicts from their tags
  kFoldIn,      ///< as FoldInItem places them by what is known of them; as the average item before that
  kBlend,       ///< as FoldInItemAround places them around what the tags predict
};

/// "none", "random", "popular", "average", "attributes", "fold_in" or "blend". The view lives for ever.
absl::string_view PlacementName(Placement placement);

/// Metrics by their names, empty where they make no sense: of kNone only those of other items, of kRandom and
/// kPopular only those of held-out items alone, without rating errors.
struct PlacementMetrics {
  std::map<std::string, double> alone;   ///< of held-out items' tests when users get held-out items alone
  std::map<std::string, double> among;   ///< of the same when they get any item
  std::map<std::string, double> others;  ///< of the other items' tests when they get any item
};

/// Places held-out items in a model and measures how well they are recommended. Thread-compatible.
class ItemPlacer {
 public:
  /// `model` was trained on `cold.train`; `tags` [all items x tags]. All three must outlive the placer. The
  /// errors of AttributeMapping::Fit.
  static absl::StatusOr<ItemPlacer> Create(const FactorModel& model, const ColdItems& cold,
                                           const CsrMatrix& tags);

  /// The held-out items, [cold.items.size()], by `placement` when the first `known` of what may be known of
  /// each is known; empty for kNone. The errors of the fold-ins.
  absl::StatusOr<std::vector<UserVector>> Place(Placement placement, int known) const;

  /// The metrics of the model with the items so placed. The errors of Place and Evaluate.
  absl::StatusOr<PlacementMetrics> Measure(Placement placement, int known, const EvaluationOptions& options,
                                           Arena& arena) const;

  const AttributeMapping& mapping() const { return *mapping_; }

 private:
  ItemPlacer(const FactorModel& model, const ColdItems& cold, const CsrMatrix& tags)
      : model_(&model), cold_(&cold), tags_(&tags) {}

  // By kRandom or kPopular.
  std::vector<UserVector> PlaceUnpersonal(Placement placement) const;

  absl::StatusOr<UserVector> PlaceOne(size_t index, Placement placement, int known) const;

  const FactorModel* model_;
  const ColdItems* cold_;
  const CsrMatrix* tags_;
  absl::optional<AttributeMapping> mapping_;  // never empty once created
  UserVector average_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_ITEM_PLACER_H_
