#include "core/base/heap.h"

#include <malloc.h>
#include <stdlib.h>  // defines __GLIBC__ where there is one

#include <cstddef>

// jemalloc's control function: null in programs that are not linked with it.
extern "C" __attribute__((weak)) int mallctl(const char* name, void* old_value, size_t* old_length,
                                             void* new_value, size_t new_length);

namespace ridgeline {

void ReturnFreeMemory() {
  if (mallctl != nullptr) {
    mallctl("arena.4096.purge", nullptr, nullptr, nullptr, 0);  // 4096 stands for all arenas
    return;
  }
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace ridgeline
