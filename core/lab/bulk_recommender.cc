#include "core/lab/bulk_recommender.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/retrieval/item_filter.h"

namespace ridgeline {
namespace {

// Batches a thread makes before the file is written to: enough that threads seldom wait for the last of them.
constexpr int64_t kBatchesPerThread = 8;

}  // namespace

BulkRecommender::BulkRecommender(std::shared_ptr<const FactorModel> model, const SeenItems* seen,
                                 const BulkOptions& options)
    : model_(std::move(model)), seen_(seen), options_(options), index_(model_) {}

std::vector<std::vector<ScoredItem>> BulkRecommender::Recommend(absl::Span<const uint32_t> users) const {
  const auto items = static_cast<uint32_t>(model_->items().rows());
  std::vector<ItemFilter> filters(seen_ == nullptr ? 0 : users.size(), ItemFilter(items));
  std::vector<RetrievalQuery> queries(users.size());
  for (size_t u = 0; u < users.size(); ++u) {
    queries[u].vector = model_->users().Row(users[u]);
    queries[u].constant = static_cast<float>(model_->global_mean() + model_->users().biases[users[u]]);
    queries[u].k = options_.k;
    if (seen_ == nullptr) continue;
    for (const uint32_t item : seen_->Of(users[u])) filters[u].Forbid(item);
    queries[u].filter = &filters[u];
  }
  return index_.TopKOfEach(queries);
}

std::string BulkRecommender::Text(absl::Span<const uint32_t> users) const {
  const std::vector<std::vector<ScoredItem>> best = Recommend(users);
  std::string text;
  for (size_t u = 0; u < users.size(); ++u) {
    AppendRecommendations(options_.format, model_->user_ids().Id(users[u]), best[u], model_->item_ids(),
                          &text);
  }
  return text;
}

absl::Status BulkRecommender::Write(absl::Span<const uint32_t> users, Arena& arena,
                                    const std::function<absl::Status(absl::string_view)>& sink) const {
  const auto batch = static_cast<size_t>(options_.batch);
  std::vector<std::string> texts(static_cast<size_t>(arena.threads() * kBatchesPerThread));
  while (!users.empty()) {
    const absl::Span<const uint32_t> now = users.subspan(0, texts.size() * batch);
    arena.ParallelFor(static_cast<int64_t>(now.size()), options_.batch, [&](int64_t begin, int64_t end) {
      const auto first = static_cast<size_t>(begin);
      texts[first / batch] = Text(now.subspan(first, static_cast<size_t>(end) - first));
    });
    for (size_t b = 0; b * batch < now.size(); ++b) RIDGELINE_RETURN_IF_ERROR(sink(texts[b]));
    users.remove_prefix(now.size());
  }
  return absl::OkStatus();
}

}  // namespace ridgeline
