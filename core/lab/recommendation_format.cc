#include "core/lab/recommendation_format.h"

#include <charconv>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace ridgeline {
namespace {

// The fewest digits that read back as `score`.
void AppendScore(float score, std::string* text) {
  char digits[32];
  const std::to_chars_result end = std::to_chars(digits, digits + sizeof(digits), score);
  text->append(digits, end.ptr);
}

std::string Quoted(absl::string_view id) {
  return nlohmann::json(std::string(id)).dump();
}

void AppendTsv(absl::string_view user_id, absl::Span<const ScoredItem> items, const IdMap& item_ids,
               std::string* text) {
  for (const ScoredItem& item : items) {
    absl::StrAppend(text, user_id, "\t", item_ids.Id(item.row), "\t");
    AppendScore(item.score, text);
    text->push_back('\n');
  }
}

void AppendJson(absl::string_view user_id, absl::Span<const ScoredItem> items, const IdMap& item_ids,
                std::string* text) {
  absl::StrAppend(text, "{\"user_id\":", Quoted(user_id), ",\"items\":[");
  absl::string_view separator = "";
  for (const ScoredItem& item : items) {
    absl::StrAppend(text, separator, "{\"item_id\":", Quoted(item_ids.Id(item.row)), ",\"score\":");
    std::isfinite(item.score) ? AppendScore(item.score, text) : void(text->append("null"));
    text->push_back('}');
    separator = ",";
  }
  text->append("]}\n");
}

}  // namespace

absl::StatusOr<RecommendationFormat> ParseRecommendationFormat(absl::string_view name) {
  if (name == "tsv") return RecommendationFormat::kTsv;
  if (name == "jsonl") return RecommendationFormat::kJsonLines;
  return absl::InvalidArgumentError(absl::StrCat("format: must be tsv or jsonl, got '", name, "'"));
}

absl::string_view RecommendationHeader(RecommendationFormat format) {
  return format == RecommendationFormat::kTsv ? "user_id\titem_id\tscore\n" : "";
}

void AppendRecommendations(RecommendationFormat format, absl::string_view user_id,
                           absl::Span<const ScoredItem> items, const IdMap& item_ids, std::string* text) {
  format == RecommendationFormat::kTsv ? AppendTsv(user_id, items, item_ids, text)
                                       : AppendJson(user_id, items, item_ids, text);
}

}  // namespace ridgeline
