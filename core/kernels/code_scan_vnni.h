#ifndef RIDGELINE_CORE_KERNELS_CODE_SCAN_VNNI_H_
#define RIDGELINE_CORE_KERNELS_CODE_SCAN_VNNI_H_

#include <cstdint>

#include "core/kernels/code_scan.h"

namespace ridgeline::kernels {

/// ScanCodes by the instruction that multiplies and sums a group at once. Only the x86-64-v4 library has it,
/// and only a processor with avx512vnni may be led into it.
int64_t ScanCodesVnni(const CodeMatrix& matrix, int64_t first, int64_t blocks, const CodeQueries& queries,
                      uint64_t* hits);

}  // namespace ridgeline::kernels

#endif  // RIDGELINE_CORE_KERNELS_CODE_SCAN_VNNI_H_
