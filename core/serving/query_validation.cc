#include "core/serving/query_validation.h"

#include <cmath>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "core/interactions/interaction.h"

namespace ridgeline {
namespace {

template <typename... Parts>
absl::Status Invalid(const Parts&... parts) {
  return absl::InvalidArgumentError(absl::StrCat(parts...));
}

absl::Status ValidateCount(absl::string_view field, size_t count, size_t limit) {
  if (count <= limit) return absl::OkStatus();
  return Invalid(field, ": must have at most ", limit, " entries, got ", count);
}

absl::Status ValidateHistory(const HistorySubject& history, Feedback feedback) {
  RIDGELINE_RETURN_IF_ERROR(ValidateCount("history.entries", history.entries.size(), kMaxIdsInRequest));
  for (size_t i = 0; i < history.entries.size(); ++i) {
    const float value = history.entries[i].value;
    if (!std::isfinite(value)) return Invalid("history.entries[", i, "].value: must be finite");
    if (feedback == Feedback::kImplicit && value <= 0.0f) {
      return Invalid("history.entries[", i, "].value: must be above 0 for implicit feedback, got ", value);
    }
  }
  return absl::OkStatus();
}

absl::Status ValidateVector(const UserVector& vector, int factors) {
  if (vector.factors.size() != static_cast<size_t>(factors)) {
    return Invalid("vector.factors: must have ", factors, " numbers like the model, got ",
                   vector.factors.size());
  }
  for (size_t f = 0; f < vector.factors.size(); ++f) {
    if (!std::isfinite(vector.factors[f])) return Invalid("vector.factors[", f, "]: must be finite");
  }
  if (!std::isfinite(vector.bias)) return Invalid("vector.bias: must be finite");
  return absl::OkStatus();
}

absl::Status ValidateTags(absl::string_view field, const std::vector<std::string>& tags) {
  RIDGELINE_RETURN_IF_ERROR(ValidateCount(field, tags.size(), kMaxFilterTags));
  for (size_t i = 0; i < tags.size(); ++i) {
    RIDGELINE_RETURN_IF_ERROR(ValidateId(absl::StrCat(field, "[", i, "]"), tags[i]));
  }
  return absl::OkStatus();
}

absl::Status ValidateBoost(const Boost& boost, absl::string_view field) {
  if (boost.tag.empty() == boost.item_id.empty()) {
    return Invalid(field, ": exactly one of tag and item_id must be set");
  }
  if (!boost.tag.empty()) RIDGELINE_RETURN_IF_ERROR(ValidateId(absl::StrCat(field, ".tag"), boost.tag));
  if (!std::isfinite(boost.multiply) || boost.multiply < 0.0f) {
    return Invalid(field, ".multiply: must be finite and at least 0, got ", boost.multiply);
  }
  if (!std::isfinite(boost.add)) return Invalid(field, ".add: must be finite, got ", boost.add);
  return absl::OkStatus();
}

absl::string_view TargetOf(const TagCap& cap) {
  return cap.is_prefix ? "tag_prefix" : "tag";
}

absl::Status ValidateTagCap(const TagCap& cap, absl::string_view field) {
  if (!cap.is_prefix || !cap.tag.empty()) {
    RIDGELINE_RETURN_IF_ERROR(ValidateId(absl::StrCat(field, ".", TargetOf(cap)), cap.tag));
  }
  if (cap.max_count >= 1 && cap.max_count <= kMaxResults) return absl::OkStatus();
  return Invalid(field, ".max_count: must be between 1 and ", kMaxResults, ", got ", cap.max_count);
}

absl::Status ValidateNumbers(const RecommendQuery& query) {
  if (!(query.diversity >= 0.0f && query.diversity <= 1.0f)) {
    return Invalid("diversity: must be between 0 and 1, got ", query.diversity);
  }
  if (query.minimum_score.has_value() && !std::isfinite(*query.minimum_score)) {
    return Invalid("minimum_score: must be finite, got ", *query.minimum_score);
  }
  if (query.explain_parts < 0 || query.explain_parts > kMaxExplanationParts) {
    return Invalid("max_explanation_parts: must be between 1 and ", kMaxExplanationParts, ", got ",
                   query.explain_parts);
  }
  const float scale = query.exploration.scale;
  if (!(scale >= 0.0f && scale <= kMaxExplorationScale)) {
    return Invalid("exploration.scale: must be between 0 and ", kMaxExplorationScale, ", got ", scale);
  }
  if (query.diversity > 0.0f && !query.page_token.empty()) {
    return Invalid("page_token: must be empty with a diversity above 0");
  }
  if (query.diversity > 0.0f && !query.tag_caps.empty()) {
    return Invalid("tag_caps: must be empty with a diversity above 0");
  }
  return absl::OkStatus();
}

int64_t LargestK(const RecommendQuery& query) {
  if (query.explain_parts > 0) return kMaxExplainedResults;
  return query.diversity > 0.0f ? kMaxDiverseResults : kMaxResults;
}

}  // namespace

absl::Status ValidateK(int64_t k, int64_t largest) {
  if (k >= 1 && k <= largest) return absl::OkStatus();
  return Invalid("k: must be between 1 and ", largest, ", got ", k);
}

absl::Status ValidateSubject(const Subject& subject, const FactorModel& model) {
  if (const auto* user = std::get_if<UserSubject>(&subject)) return ValidateId("user_id", user->user_id);
  if (const auto* history = std::get_if<HistorySubject>(&subject)) {
    return ValidateHistory(*history, model.hyperparameters().feedback);
  }
  return ValidateVector(std::get<VectorSubject>(subject).vector, model.factors());
}

absl::Status ValidateSelection(const ItemSelection& selection) {
  RIDGELINE_RETURN_IF_ERROR(
      ValidateCount("filter.exclude_item_ids", selection.exclude_item_ids.size(), kMaxFilterIds));
  RIDGELINE_RETURN_IF_ERROR(
      ValidateCount("filter.candidate_item_ids", selection.candidate_item_ids.size(), kMaxFilterIds));
  RIDGELINE_RETURN_IF_ERROR(ValidateTags("filter.tags.any", selection.tags.any));
  RIDGELINE_RETURN_IF_ERROR(ValidateTags("filter.tags.all", selection.tags.all));
  return ValidateTags("filter.tags.none", selection.tags.none);
}

absl::Status ValidateBoosts(const std::vector<Boost>& boosts) {
  RIDGELINE_RETURN_IF_ERROR(ValidateCount("boosts", boosts.size(), kMaxBoosts));
  for (size_t i = 0; i < boosts.size(); ++i) {
    RIDGELINE_RETURN_IF_ERROR(ValidateBoost(boosts[i], absl::StrCat("boosts[", i, "]")));
  }
  return absl::OkStatus();
}

absl::Status ValidateTagCaps(const std::vector<TagCap>& caps) {
  RIDGELINE_RETURN_IF_ERROR(ValidateCount("tag_caps", caps.size(), kMaxTagCaps));
  absl::flat_hash_set<std::pair<absl::string_view, bool>> capped;
  for (size_t i = 0; i < caps.size(); ++i) {
    const std::string field = absl::StrCat("tag_caps[", i, "]");
    RIDGELINE_RETURN_IF_ERROR(ValidateTagCap(caps[i], field));
    if (!capped.insert({caps[i].tag, caps[i].is_prefix}).second) {
      return Invalid(field, ".", TargetOf(caps[i]), ": is capped already");
    }
  }
  return absl::OkStatus();
}

absl::Status ValidateRecommendQuery(const RecommendQuery& query, const FactorModel& model) {
  RIDGELINE_RETURN_IF_ERROR(ValidateNumbers(query));
  RIDGELINE_RETURN_IF_ERROR(ValidateK(query.k, LargestK(query)));
  RIDGELINE_RETURN_IF_ERROR(ValidateSubject(query.subject, model));
  RIDGELINE_RETURN_IF_ERROR(ValidateSelection(query.selection));
  RIDGELINE_RETURN_IF_ERROR(ValidateBoosts(query.boosts));
  return ValidateTagCaps(query.tag_caps);
}

}  // namespace ridgeline
