#include "core/lab/item_placer.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/als/fold_in.h"
#include "core/base/random.h"
#include "core/base/status_macros.h"
#include "core/lab/ranking_options.h"

namespace ridgeline {
namespace {

using Metrics = std::map<std::string, double>;
using Model = std::shared_ptr<const FactorModel>;

constexpr uint64_t kRandomOrderSeed = 1;  // rows are in random order already

// The tags of `items` items of which nothing is known.
CsrMatrix NoTags(uint32_t items) {
  CsrMatrix tags;
  tags.rows = items;
  tags.offsets.assign(size_t{items} + 1, 0);
  return tags;
}

History First(const History& history, int count) {
  const size_t size = std::min(history.size(), static_cast<size_t>(count));
  return {{history.rows.begin(), history.rows.begin() + size},
          {history.values.begin(), history.values.begin() + size}};
}

// An item that every user scores alike.
UserVector Unpersonal(int factors, double score) {
  return {std::vector<float>(static_cast<size_t>(factors), 0.0f), static_cast<float>(score)};
}

std::vector<int64_t> CountColumns(const CsrMatrix& matrix) {
  std::vector<int64_t> counts(matrix.columns, 0);
  for (const uint32_t column : matrix.column_indices) ++counts[column];
  return counts;
}

bool IsReference(Placement placement) {
  return placement == Placement::kRandom || placement == Placement::kPopular;
}

// `model` with `placed` items. The evaluator answers items of some popularity: the placed ones, and the
// others if `with_others`.
absl::StatusOr<Model> Assemble(const FactorModel& model, const std::vector<uint32_t>& items,
                               const std::vector<UserVector>& placed, bool with_others) {
  FactorModelParts parts = model.parts();
  if (!with_others) std::fill(parts.item_popularity.begin(), parts.item_popularity.end(), 0.0f);
  for (size_t index = 0; index < placed.size(); ++index) {
    const uint32_t item = items[index];
    const std::vector<float>& factors = placed[index].factors;
    std::copy(factors.begin(), factors.end(),
              parts.items.values.begin() + int64_t{item} * parts.items.factors);
    parts.items.biases[item] = placed[index].bias;
    parts.item_popularity[item] = 1.0f;
  }
  return FactorModel::Create(std::move(parts));
}

}  // namespace

absl::string_view PlacementName(Placement placement) {
  constexpr absl::string_view kNames[] = {"none",       "random",  "popular", "average",
                                          "attributes", "fold_in", "blend"};
  return kNames[static_cast<size_t>(placement)];
}

absl::StatusOr<ItemPlacer> ItemPlacer::Create(const FactorModel& model, const ColdItems& cold,
                                              const CsrMatrix& tags) {
  const std::vector<float> counts = CountEntries(cold.train.by_item);
  ItemPlacer placer(model, cold, tags);
  RIDGELINE_ASSIGN_OR_RETURN(placer.mapping_, AttributeMapping::Fit(model.items(), tags, counts,
                                                                    model.hyperparameters().non_negative));
  RIDGELINE_ASSIGN_OR_RETURN(const AttributeMapping of_none,
                             AttributeMapping::Fit(model.items(), NoTags(tags.rows), counts));
  placer.average_ = of_none.Predict({});
  return placer;
}

absl::StatusOr<UserVector> ItemPlacer::PlaceOne(size_t index, Placement placement, int known) const {
  const History history = First(cold_->known[index], known);
  if (placement == Placement::kFoldIn && history.size() > 0) return FoldInItem(*model_, history);
  if (placement == Placement::kAverage || placement == Placement::kFoldIn) return average_;
  UserVector predicted = mapping_->Predict(tags_->RowColumns(cold_->items[index]));
  if (placement == Placement::kAttributes) return predicted;
  return FoldInItemAround(*model_, history, predicted);
}

std::vector<UserVector> ItemPlacer::PlaceUnpersonal(Placement placement) const {
  std::vector<UserVector> placed;
  const std::vector<int64_t> tested = CountColumns(cold_->test);
  Random random(kRandomOrderSeed);
  for (size_t index = 0; index < cold_->items.size(); ++index) {
    const auto interactions = static_cast<double>(tested[cold_->items[index]]) + cold_->known[index].size();
    placed.push_back(
        Unpersonal(model_->factors(), placement == Placement::kRandom ? random.Uniform() : interactions));
  }
  return placed;
}

absl::StatusOr<std::vector<UserVector>> ItemPlacer::Place(Placement placement, int known) const {
  if (placement == Placement::kNone) return std::vector<UserVector>();
  if (IsReference(placement)) return PlaceUnpersonal(placement);
  std::vector<UserVector> placed(cold_->items.size());
  for (size_t index = 0; index < placed.size(); ++index) {
    RIDGELINE_ASSIGN_OR_RETURN(placed[index], PlaceOne(index, placement, known));
  }
  return placed;
}

absl::StatusOr<PlacementMetrics> ItemPlacer::Measure(Placement placement, int known,
                                                     const EvaluationOptions& options, Arena& arena) const {
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<UserVector> placed, Place(placement, known));
  const auto evaluate = [&](bool with_others, const CsrMatrix& test,
                            const EvaluationOptions& what) -> absl::StatusOr<Metrics> {
    RIDGELINE_ASSIGN_OR_RETURN(const Model model, Assemble(*model_, cold_->items, placed, with_others));
    return Evaluate(*model, HeldOut{cold_->met, test}, what, arena);
  };
  PlacementMetrics metrics;
  if (IsReference(placement)) {
    RIDGELINE_ASSIGN_OR_RETURN(metrics.alone, evaluate(false, cold_->test, WithoutErrors(options)));
    return metrics;
  }
  RIDGELINE_ASSIGN_OR_RETURN(metrics.others, evaluate(true, cold_->warm_test, options));
  if (placement == Placement::kNone) return metrics;
  RIDGELINE_ASSIGN_OR_RETURN(metrics.alone, evaluate(false, cold_->test, options));
  RIDGELINE_ASSIGN_OR_RETURN(metrics.among, evaluate(true, cold_->test, options));
  return metrics;
}

}  // namespace ridgeline
