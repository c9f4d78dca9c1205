#include "core/base/page_memory.h"

#include <cstdint>
#include <cstring>
#include <limits>

#include "gmock/gmock.h"

namespace ridgeline {
namespace {

uintptr_t Address(const void* memory) {
  return reinterpret_cast<uintptr_t>(memory);
}

TEST(PageMemory, SmallBlocksBeginAtACacheLine) {
  for (const size_t bytes : {size_t{1}, size_t{100}, kHugePageBytes - 1}) {
    void* memory = AllocatePages(bytes);
    EXPECT_EQ(Address(memory) % kCacheLineBytes, 0u) << bytes;
    std::memset(memory, 1, bytes);
    FreePages(memory);
  }
}

TEST(PageMemory, LargeBlocksBeginAtAHugePageAndCanBeWrittenToTheEnd) {
  for (const size_t bytes : {2 * kHugePageBytes, 3 * kHugePageBytes + 12345}) {
    void* memory = AllocatePages(bytes);
    EXPECT_EQ(Address(memory) % kHugePageBytes, 0u) << bytes;
    std::memset(memory, 1, bytes);
    FreePages(memory);
  }
}

TEST(PageVector, GrowsCopiesAndComparesLikeAnyVector) {
  PageVector<float> grown;
  for (int i = 0; i < 1'000'000; ++i) grown.push_back(static_cast<float>(i));
  const PageVector<float> copy = grown;
  EXPECT_EQ(copy, grown);
  EXPECT_EQ(copy[999'999], 999'999.0f);
}

TEST(PageVector, MoreElementsThanBytesCanBeCountedAreRefused) {
  PageAllocator<float> allocator;
  EXPECT_THROW(allocator.allocate(std::numeric_limits<size_t>::max() / 2), std::bad_array_new_length);
}

}  // namespace
}  // namespace ridgeline
