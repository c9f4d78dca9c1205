#ifndef RIDGELINE_CORE_RETRIEVAL_SELECTIVE_SCAN_H_
#define RIDGELINE_CORE_RETRIEVAL_SELECTIVE_SCAN_H_

#include <cstdint>
#include <vector>

#include "core/retrieval/quantized_matrix.h"
#include "core/retrieval/quantized_scan.h"

namespace ridgeline {

/// Whether `allowed` of `rows` rows are so few that looking at them one by one beats a scan of the codes.
bool IsSelective(uint32_t allowed, uint32_t rows);

/// The answer to a query whose filter allows few rows, equal to ScanTopK's to the last bit. The allowed rows
/// are scored in the order of `matrix`, of all rows, which brings those of high bounds first, and those of a
/// block that cannot reach what was found by then are not looked at. The query has a filter and no
/// adjustment. Adds to `statistics`. Thread-safe.
std::vector<ScoredItem> ScanSelected(const QuantizedMatrix& matrix, ScanScore score, const ScanQuery& query,
                                     ScanStatistics& statistics);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_RETRIEVAL_SELECTIVE_SCAN_H_
