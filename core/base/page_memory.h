#ifndef RIDGELINE_CORE_BASE_PAGE_MEMORY_H_
#define RIDGELINE_CORE_BASE_PAGE_MEMORY_H_

#include <cstddef>
#include <limits>
#include <new>
#include <vector>

namespace ridgeline {

/// Where memory of AllocatePages begins: at a cache line, in bytes.
inline constexpr size_t kCacheLineBytes = 64;

/// `bytes` of memory at the beginning of a cache line, for FreePages. Two huge pages or more begin at a huge
/// page, and the system is asked to hold all whole ones as such: rows that are visited in no order, such as
/// factors, else miss the processor's address cache at nearly each. Throws std::bad_alloc when there is no
/// memory, as containers ask of an allocator.
void* AllocatePages(size_t bytes);
void FreePages(void* memory);

inline constexpr size_t kHugePageBytes = size_t{2} << 20;

/// An allocator of AllocatePages.
template <typename T>
struct PageAllocator {
  using value_type = T;

  PageAllocator() = default;
  template <typename Other>
  PageAllocator(const PageAllocator<Other>& /*other*/) {
  }  // NOLINT(google-explicit-constructor): as allocators do

  T* allocate(size_t count) {
    if (count > std::numeric_limits<size_t>::max() / sizeof(T)) throw std::bad_array_new_length();
    return static_cast<T*>(AllocatePages(count * sizeof(T)));
  }
  void deallocate(T* memory, size_t /*count*/) { FreePages(memory); }

  friend bool operator==(const PageAllocator& /*a*/, const PageAllocator& /*b*/) { return true; }
};

/// A vector for large numeric arrays.
template <typename T>
using PageVector = std::vector<T, PageAllocator<T>>;

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASE_PAGE_MEMORY_H_
