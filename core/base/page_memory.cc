#include "core/base/page_memory.h"

#include <cstdlib>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace ridgeline {
namespace {

// A wish: a system without huge pages serves all the same.
void AskForHugePages(void* memory, size_t bytes) {
#ifdef __linux__
  madvise(memory, bytes / kHugePageBytes * kHugePageBytes, MADV_HUGEPAGE);
#else
  (void)memory, (void)bytes;
#endif
}

}  // namespace

void* AllocatePages(size_t bytes) {
  const bool huge = bytes >= 2 * kHugePageBytes;
  void* memory = nullptr;
  if (posix_memalign(&memory, huge ? kHugePageBytes : kCacheLineBytes, bytes) != 0) throw std::bad_alloc();
  if (huge) AskForHugePages(memory, bytes);
  return memory;
}

void FreePages(void* memory) {
  std::free(memory);
}

}  // namespace ridgeline
