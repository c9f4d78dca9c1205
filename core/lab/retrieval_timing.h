#ifndef RIDGELINE_CORE_LAB_RETRIEVAL_TIMING_H_
#define RIDGELINE_CORE_LAB_RETRIEVAL_TIMING_H_

#include <cstdint>
#include <vector>

#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "core/base/parallel.h"
#include "core/retrieval/item_index.h"

namespace ridgeline {

/// How to time an index. A plain value.
struct RetrievalTimingOptions {
  int batch = 1;   ///< queries that share a pass over the items, at least 1
  int repeat = 5;  ///< timed rounds over all queries, at least 1; one more goes before them, untimed
  /// Item rows that alone may be answered; none: all of them may.
  absl::optional<std::vector<uint32_t>> allowed;
  std::vector<uint32_t> excluded;  ///< item rows that may not be answered
};

/// What a timing found. A plain value.
struct RetrievalTiming {
  std::vector<double> seconds;                   ///< [repeat] wall time of a round over all queries
  std::vector<std::vector<ScoredItem>> answers;  ///< [queries] each in rank order
};

/// Answers all `queries`, which have no filter, `options.repeat` times on the threads of `arena`. Each query
/// builds its own filter from the rows in `options`, within the time that is taken, as a request would.
RetrievalTiming TimeRetrieval(const ItemIndex& index, absl::Span<const RetrievalQuery> queries,
                              uint32_t items, const RetrievalTimingOptions& options, Arena& arena);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_RETRIEVAL_TIMING_H_
