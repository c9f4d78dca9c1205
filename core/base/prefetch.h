#ifndef RIDGELINE_CORE_BASE_PREFETCH_H_
#define RIDGELINE_CORE_BASE_PREFETCH_H_

namespace ridgeline {

/// How near to the processor memory is brought, in the terms of __builtin_prefetch.
enum class CacheLevel { kSecond = 2, kFirst = 3 };

/// Asks for the cache line of `address`, which need not be a valid one, without waiting for it.
template <CacheLevel kLevel = CacheLevel::kFirst>
[[gnu::always_inline]] inline void Prefetch(const void* address) {
  __builtin_prefetch(address, 0, static_cast<int>(kLevel));
  // GCC 12 takes a function that does no more than that for one without any effect, and drops the calls of
  // it.
  asm volatile("");
}

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASE_PREFETCH_H_
