#ifndef RIDGELINE_CORE_SERVING_RECOMMENDATION_H_
#define RIDGELINE_CORE_SERVING_RECOMMENDATION_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "core/catalog/catalog.h"
#include "core/model/experiment.h"
#include "core/model/factor_model.h"

namespace ridgeline {

inline constexpr int kMaxResults = 10'000;  ///< largest k
inline constexpr int kMaxDiverseResults =
    1'000;  ///< largest k with diversity, whose cost grows with its square
inline constexpr int kMaxExplainedResults = 100;  ///< largest k with explanations, each over a whole history
inline constexpr int kMaxExplanationParts = 100;  ///< most parts of one recommendation's explanation
inline constexpr size_t kMaxIdsInRequest = 100'000;  ///< history entries
inline constexpr size_t kMaxFilterIds = 100'000;     ///< exclude ids; candidate ids
inline constexpr size_t kMaxScoredItems = 10'000;    ///< items of one ScoreItems
inline constexpr float kMaxExplorationScale = 1'000.0f;
inline constexpr size_t kMaxBoosts = 1'000;
inline constexpr size_t kMaxTagCaps = 1'000;
inline constexpr size_t kMaxFilterTags = 1'000;  ///< in each part of a tag filter

/// A known user.
struct UserSubject {
  std::string user_id;
};

/// Somebody described by what they did, stored nowhere.
struct HistorySubject {
  struct Entry {
    std::string item_id;
    float value = 1.0f;
  };
  std::vector<Entry> entries;
};

/// A vector in the model's own space, such as another program computed.
struct VectorSubject {
  UserVector vector;
};

using Subject = std::variant<UserSubject, HistorySubject, VectorSubject>;

/// A change to the scores of some items: either all with a tag or one. adjusted = score * multiply + add.
struct Boost {
  std::string tag;  ///< exactly one of tag and item_id is set
  std::string item_id;
  float multiply = 1.0f;
  float add = 0.0f;
};

/// How many items with a tag a ranking may have, over all its pages.
struct TagCap {
  std::string tag;         ///< with is_prefix every tag that begins with it is capped, each by itself
  bool is_prefix = false;  ///< the prefix may be empty: every tag
  int64_t max_count = 1;   ///< 1 to kMaxResults
};

/// Which items may be answered. The views must outlive the call: a long list is looked up where it came.
struct ItemSelection {
  std::vector<absl::string_view> exclude_item_ids;
  std::vector<absl::string_view> candidate_item_ids;  ///< when not empty, only these
  TagFilter tags;
  bool include_unavailable = false;
};

/// Ranking by a draw from what is known of the user in place of the best guess.
struct Exploration {
  float scale = 0.0f;  ///< sigma of SamplePosterior, 0 to kMaxExplorationScale; 0 explores nothing
  uint64_t seed = 0;   ///< the same seed and user, the same draw
};

struct RecommendQuery {
  Subject subject;
  int64_t k =
      10;  ///< 1 to kMaxResults, kMaxDiverseResults with diversity, kMaxExplainedResults with explanations
  bool include_seen = false;  ///< otherwise items of the subject's history are left out
  ItemSelection selection;
  std::vector<Boost> boosts;
  std::vector<TagCap> tag_caps;  ///< not together with diversity
  float diversity =
      0.0f;  ///< 0 to 1: weight of dissimilarity in maximal marginal relevance (Carbonell and Goldstein 1998)
  absl::optional<float> minimum_score;
  Exploration exploration;
  int explain_parts = 0;   ///< how many parts of each score to give; 0 explains nothing
  std::string page_token;  ///< from the previous page's answer; not together with diversity
};

/// Where an answer's user vector came from.
enum class RecommendationSource {
  kModel,    ///< the trained row
  kFoldIn,   ///< solved from the history for this request or since the model was trained
  kPopular,  ///< nothing is known of the user: the most popular items, same for everybody
  kVector,   ///< the caller's own vector
};

/// What one entry of the history adds to a score.
struct ExplanationPart {
  std::string item_id;
  std::string title;
  float contribution = 0.0f;
};

struct Recommendation {
  std::string item_id;
  std::string title;
  float score = 0.0f;
  int64_t rank = 0;  ///< place over all pages, from 1
  std::vector<ExplanationPart> parts;
};

/// How long the stages of an answer took.
struct StageTimes {
  absl::Duration fold_in;
  absl::Duration retrieval;
};

struct RecommendResult {
  std::vector<Recommendation> recommendations;  ///< rank order
  RecommendationSource source = RecommendationSource::kModel;
  std::string model_version;
  std::string next_page_token;                ///< empty when there is no more
  std::vector<std::string> unknown_item_ids;  ///< ids of the request that the model does not know
  bool explored = false;                      ///< the ranking is by a draw, see Exploration
  Arm arm = Arm::kLive;                       ///< which model answered
  StageTimes times;
};

struct ItemScore {
  std::string item_id;
  bool known = false;
  float score = 0.0f;
};

struct ScoreItemsResult {
  std::vector<ItemScore> scores;  ///< in the order of the request
  RecommendationSource source = RecommendationSource::kModel;
  std::string model_version;
  std::vector<std::string> unknown_item_ids;  ///< ids of the history that the model does not know, each once
};

struct SimilarQuery {
  std::string id;  ///< of the item or user
  int64_t k = 10;
  ItemSelection selection = {};  ///< items only
};

struct Similar {
  std::string id;
  std::string title;  ///< items only
  float cosine = 0.0f;
};

struct SimilarResult {
  std::vector<Similar> similar;                                ///< rank order, the one asked about left out
  RecommendationSource source = RecommendationSource::kModel;  ///< of the user asked about; items are kModel
  std::string model_version;
  std::vector<std::string>
      unknown_item_ids;  ///< ids of the selection that the model does not know, each once
};

/// Of a folded-in subject the terms sum to the score, to rounding. A trained row holds a little more than its
/// history alone: what the terms do not sum to is its share.
struct ExplainResult {
  float score = 0.0f;  ///< as ScoreItems gives it
  float global_mean = 0.0f;
  float user_bias = 0.0f;
  float item_bias = 0.0f;
  std::vector<ExplanationPart> parts;  ///< all of them, largest magnitude first
  RecommendationSource source = RecommendationSource::kFoldIn;
  std::string model_version;
  std::vector<std::string> unknown_item_ids;  ///< of the subject's history
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_RECOMMENDATION_H_
