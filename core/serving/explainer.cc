#include "core/serving/explainer.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/als/score_explainer.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

// `parts` with ids and titles.
std::vector<ExplanationPart> Describe(const FactorModel& model, const Catalog& catalog,
                                      absl::Span<const ScorePart> parts) {
  std::vector<absl::string_view> ids;
  for (const ScorePart& part : parts) ids.push_back(model.item_ids().Id(part.item_row));
  std::vector<std::string> titles = catalog.Titles(ids);
  std::vector<ExplanationPart> described;
  for (size_t i = 0; i < parts.size(); ++i) {
    described.push_back({std::string(ids[i]), std::move(titles[i]), parts[i].contribution});
  }
  return described;
}

}  // namespace

absl::StatusOr<std::vector<std::vector<ExplanationPart>>> ExplainByHistory(
    const FactorModel& model, const Catalog& catalog, const History& history,
    absl::Span<const uint32_t> item_rows, size_t limit) {
  RIDGELINE_ASSIGN_OR_RETURN(const ScoreExplainer explainer, ScoreExplainer::Create(model, history));
  std::vector<std::vector<ExplanationPart>> parts;
  for (const uint32_t row : item_rows) {
    RIDGELINE_ASSIGN_OR_RETURN(const ScoreExplanation explanation, explainer.Explain(row));
    parts.push_back(Describe(model, catalog, absl::MakeConstSpan(explanation.parts).subspan(0, limit)));
  }
  return parts;
}

}  // namespace ridgeline
