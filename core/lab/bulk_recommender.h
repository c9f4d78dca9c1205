#ifndef RIDGELINE_CORE_LAB_BULK_RECOMMENDER_H_
#define RIDGELINE_CORE_LAB_BULK_RECOMMENDER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/base/parallel.h"
#include "core/lab/recommendation_format.h"
#include "core/lab/seen_items.h"
#include "core/model/factor_model.h"
#include "core/retrieval/item_index.h"

namespace ridgeline {

/// What to recommend and how. A plain value.
struct BulkOptions {
  int k = 10;      ///< items a user, at least 1
  int batch = 64;  ///< users that share a pass over the items, at least 1
  RecommendationFormat format = RecommendationFormat::kTsv;  ///< of the text
};

/// Top-k for many users of a model, as the lines of a file. Immutable, thus thread-safe.
class BulkRecommender {
 public:
  /// `seen`, of the model's users, are items that are not recommended to those who met them; null: everything
  /// is. It must outlive the recommender.
  BulkRecommender(std::shared_ptr<const FactorModel> model, const SeenItems* seen,
                  const BulkOptions& options);

  /// The best items for each of `users`, rows of the model, in rank order; fewer than k only where fewer are
  /// left. [users] One pass over the items for all of them.
  std::vector<std::vector<ScoredItem>> Recommend(absl::Span<const uint32_t> users) const;

  /// Hands the text of all `users`, in their order, to `sink` piece by piece, made on the threads of `arena`.
  /// The first error of `sink`, after which nothing more is made.
  absl::Status Write(absl::Span<const uint32_t> users, Arena& arena,
                     const std::function<absl::Status(absl::string_view)>& sink) const;

 private:
  std::string Text(absl::Span<const uint32_t> users) const;

  const std::shared_ptr<const FactorModel> model_;
  const SeenItems* const seen_;
  const BulkOptions options_;
  const ItemIndex index_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_BULK_RECOMMENDER_H_
