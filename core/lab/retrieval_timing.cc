#include "core/lab/retrieval_timing.h"

#include <algorithm>
#include <chrono>

namespace ridgeline {
namespace {

using SteadyClock = std::chrono::steady_clock;

class Rounds {
 public:
  Rounds(const ItemIndex& index, absl::Span<const RetrievalQuery> queries, uint32_t items,
         const RetrievalTimingOptions& options)
      : index_(index), queries_(queries), items_(items), options_(options) {}

  // Answers every query; wall time in seconds.
  double Run(Arena& arena, std::vector<std::vector<ScoredItem>>& answers) const {
    const SteadyClock::time_point begin = SteadyClock::now();
    arena.ParallelFor(static_cast<int64_t>(queries_.size()), options_.batch,
                      [&](int64_t first, int64_t last) {
                        const auto at = static_cast<size_t>(first);
                        auto batch = Answer(queries_.subspan(at, static_cast<size_t>(last) - at));
                        std::move(batch.begin(), batch.end(), answers.begin() + first);
                      });
    return std::chrono::duration<double>(SteadyClock::now() - begin).count();
  }

 private:
  std::vector<std::vector<ScoredItem>> Answer(absl::Span<const RetrievalQuery> queries) const {
    if (!options_.allowed.has_value() && options_.excluded.empty()) return AnswerFiltered(queries);
    std::vector<RetrievalQuery> filtered(queries.begin(), queries.end());
    std::vector<ItemFilter> filters;
    filters.reserve(queries.size());
    for (RetrievalQuery& query : filtered) query.filter = &filters.emplace_back(MakeFilter());
    return AnswerFiltered(filtered);
  }

  std::vector<std::vector<ScoredItem>> AnswerFiltered(absl::Span<const RetrievalQuery> queries) const {
    if (queries.size() == 1) return {index_.TopK(queries[0])};
    return index_.TopKOfEach(queries);
  }

  ItemFilter MakeFilter() const {
    ItemFilter filter =
        options_.allowed.has_value() ? ItemFilter::Only(items_, *options_.allowed) : ItemFilter(items_);
    for (const uint32_t row : options_.excluded) filter.Forbid(row);
    return filter;
  }

  const ItemIndex& index_;
  const absl::Span<const RetrievalQuery> queries_;
  const uint32_t items_;
  const RetrievalTimingOptions& options_;
};

}  // namespace

RetrievalTiming TimeRetrieval(const ItemIndex& index, absl::Span<const RetrievalQuery> queries,
                              uint32_t items, const RetrievalTimingOptions& options, Arena& arena) {
  const Rounds rounds(index, queries, items, options);
  RetrievalTiming timing;
  timing.answers.resize(queries.size());
  rounds.Run(arena, timing.answers);
  for (int r = 0; r < options.repeat; ++r) timing.seconds.push_back(rounds.Run(arena, timing.answers));
  return timing;
}

}  // namespace ridgeline
