#ifndef RIDGELINE_CORE_RETRIEVAL_QUANTIZED_SCAN_H_
#define RIDGELINE_CORE_RETRIEVAL_QUANTIZED_SCAN_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "core/retrieval/quantized_matrix.h"
#include "core/retrieval/retrieval_query.h"
#include "core/retrieval/row_scan.h"

namespace ridgeline {

/// What scans had to do, summed over their queries. A plain value.
struct ScanStatistics {
  int64_t queries = 0;
  int64_t rows = 0;      ///< rows that the queries' indexes have
  int64_t scanned = 0;   ///< rows whose code, or if they were few whose factors, were looked at
  int64_t rescored = 0;  ///< rows whose factors were looked at
};

/// One query of a shared scan. A plain value; what it points at must outlive the scan.
struct ScanQuery {
  const RetrievalQuery* query = nullptr;  ///< k at least 1; its vector is what the codes are compared with
  const RowScorer* scorer = nullptr;      ///< the score in float32, by which answers are ranked
};

/// What the scores of a shared scan are.
enum class ScanScore {
  kDotProduct,  ///< row . vector + the row's bias + the query's constant
  kCosine,      ///< row . vector / |row|, the vector of length 1
};

/// Whether codes of `rows` rows pay for a query that wants `k` of them.
bool CodesPay(int k, uint32_t rows);

/// The answers to `queries` in their order, each equal to ScanTopK's to the last bit, over all rows of a
/// matrix, which `matrix` has the codes of. Queries for which codes pay share passes; those that allow few
/// rows or want many are answered by ScanSelected and ScanTopK. Adds to `statistics` unless it is null.
/// Thread-safe.
std::vector<std::vector<ScoredItem>> ScanQuantized(const QuantizedMatrix& matrix, ScanScore score,
                                                   absl::Span<const ScanQuery> queries,
                                                   ScanStatistics* statistics);

/// The same by codes alone, over the rows that `matrix` has the codes of, be they all or some.
std::vector<std::vector<ScoredItem>> ScanCoded(const QuantizedMatrix& matrix, ScanScore score,
                                               absl::Span<const ScanQuery> queries,
                                               ScanStatistics* statistics);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_RETRIEVAL_QUANTIZED_SCAN_H_
