#ifndef RIDGELINE_CORE_BASE_HEAP_H_
#define RIDGELINE_CORE_BASE_HEAP_H_

namespace ridgeline {

/// Gives all free memory back to the system: allocators keep it for their next allocation, and a process that
/// frees one model for each that it loads would hold several. Knows jemalloc, which the programs that serve
/// and call are linked with, and glibc; does nothing elsewhere. Takes some milliseconds and holds up
/// allocations of other threads meanwhile, each for a part of it.
void ReturnFreeMemory();

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASE_HEAP_H_
