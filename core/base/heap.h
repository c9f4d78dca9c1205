#ifndef RIDGELINE_CORE_BASE_HEAP_H_
#define RIDGELINE_CORE_BASE_HEAP_H_

namespace ridgeline {

// The C library keeps freed memory for its next allocation, and learns to keep ever larger blocks: a process
// that frees one model for each that it loads would hold several. Both functions do nothing where the C
// library is not glibc.

/// Blocks of 4 MiB and more, such as factors, get memory of their own, which goes back to the system when
/// they are freed; below, freed blocks are kept as before. To be called once, before other threads run.
void ReturnLargeBlocksWhenFreed();

/// Gives all free memory back to the system. Takes some milliseconds and holds up allocations of other
/// threads meanwhile, each for a part of it.
void ReturnFreeMemory();

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASE_HEAP_H_
