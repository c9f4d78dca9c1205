#include "core/base/heap.h"

#include <malloc.h>
#include <stdlib.h>  // defines __GLIBC__ where there is one

namespace ridgeline {

void ReturnLargeBlocksWhenFreed() {
#ifdef __GLIBC__
  // A threshold that is set is no longer raised to the size of each block that is freed.
  constexpr int kLargeBlockBytes = 4 << 20;
  mallopt(M_MMAP_THRESHOLD, kLargeBlockBytes);
#endif
}

void ReturnFreeMemory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace ridgeline
