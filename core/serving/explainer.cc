#include "core/serving/explainer.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"

namespace ridgeline {

absl::StatusOr<std::vector<ExplanationPart>> ExplainByHistory(const FactorModel& model,
                                                              const Catalog& catalog, const History& history,
                                                              uint32_t item_row, size_t limit) {
  RIDGELINE_ASSIGN_OR_RETURN(ScoreExplanation explanation, ExplainScore(model, history, item_row));
  explanation.parts.resize(std::min(limit, explanation.parts.size()));
  std::vector<absl::string_view> ids;
  for (const ScorePart& part : explanation.parts) ids.push_back(model.item_ids().Id(part.item_row));
  std::vector<std::string> titles = catalog.Titles(ids);
  std::vector<ExplanationPart> parts;
  for (size_t i = 0; i < ids.size(); ++i) {
    parts.push_back({std::string(ids[i]), std::move(titles[i]), explanation.parts[i].contribution});
  }
  return parts;
}

}  // namespace ridgeline
