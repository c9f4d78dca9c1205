#ifndef RIDGELINE_CORE_ALS_ROW_SCHEDULE_H_
#define RIDGELINE_CORE_ALS_ROW_SCHEDULE_H_

#include <cstdint>
#include <vector>

#include "core/dataset/csr_matrix.h"

namespace ridgeline {

/// Consecutive rows [begin, end) that one thread solves in one go.
struct RowBlock {
  int64_t begin = 0;
  int64_t end = 0;
};

/// Cuts the rows of `matrix` into blocks of about equal work at systems of `dimension`, those with the most
/// work first (ties: by row), so that threads finish together however uneven the rows are. Every row is in
/// one block. Depends on the row lengths alone.
std::vector<RowBlock> ScheduleRows(const CsrMatrix& matrix, int dimension);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_ALS_ROW_SCHEDULE_H_
