#include "core/base/heap.h"

#include <stdlib.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <vector>

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

// Bytes of the process that are in memory.
int64_t ResidentBytes() {
  int64_t total_pages = 0;
  int64_t resident_pages = 0;
  std::ifstream("/proc/self/statm") >> total_pages >> resident_pages;
  return resident_pages * sysconf(_SC_PAGESIZE);
}

TEST(Heap, FreedSmallBlocksGoBackToTheSystem) {
  constexpr size_t kSmallBytes = 64 << 10;
  constexpr int kBlocks = 1'000;
  std::vector<std::vector<char>> blocks(kBlocks, std::vector<char>(kSmallBytes, 'x'));
  const std::vector<char> above_all(kSmallBytes, 'x');  // keeps the top of the heap in use
  const int64_t before = ResidentBytes();
  blocks.clear();
  ReturnFreeMemory();
  EXPECT_LT(ResidentBytes(), before - int64_t{kSmallBytes} * kBlocks / 2);
}

#endif

}  // namespace
}  // namespace ridgeline
