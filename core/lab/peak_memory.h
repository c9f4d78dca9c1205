#ifndef RIDGELINE_CORE_LAB_PEAK_MEMORY_H_
#define RIDGELINE_CORE_LAB_PEAK_MEMORY_H_

#include <cstdint>

namespace ridgeline {

/// The most memory this process has had resident so far, in bytes; 0 where there is no /proc. Thread-safe.
int64_t PeakResidentBytes();

/// The memory that it has resident now; likewise.
int64_t ResidentBytes();

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_PEAK_MEMORY_H_
