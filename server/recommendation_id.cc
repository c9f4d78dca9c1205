#include "server/recommendation_id.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ridgeline {
namespace {

constexpr std::pair<RecommendationSource, const char*> kSourceNames[] = {
    {RecommendationSource::kModel, "model"},
    {RecommendationSource::kFoldIn, "fold_in"},
    {RecommendationSource::kPopular, "popular"},
    {RecommendationSource::kVector, "vector"},
};

}  // namespace

absl::string_view SourceName(RecommendationSource source) {
  for (const auto& [known, name] : kSourceNames) {
    if (known == source) return name;
  }
  return "unknown";
}

std::string MakeRecommendationId(absl::string_view answer, absl::string_view version,
                                 RecommendationSource source) {
  return absl::StrCat(answer, ".", version, ".", SourceName(source));
}

absl::optional<RecommendationOrigin> ParseRecommendationId(absl::string_view id) {
  const std::vector<absl::string_view> parts = absl::StrSplit(id, '.');
  if (parts.size() != 3 || parts[0].empty() || parts[1].empty()) return absl::nullopt;
  for (const auto& [source, name] : kSourceNames) {
    if (parts[2] == name) return RecommendationOrigin{parts[1], source};
  }
  return absl::nullopt;
}

}  // namespace ridgeline
