#include "core/serving/user_cache.h"

#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

std::shared_ptr<const UserState> StateOf(const std::string& version) {
  auto state = std::make_shared<UserState>();
  state->model_version = version;
  return state;
}

void PutFresh(UserCache& cache, const std::string& user, const std::string& version = "v1") {
  cache.Put(user, cache.Find(user).ticket, StateOf(version));
}

TEST(UserCache, FindsWhatWasPut) {
  UserCache cache(100);
  EXPECT_EQ(cache.Find("u").state, nullptr);
  PutFresh(cache, "u");
  EXPECT_NE(cache.Find("u").state, nullptr);
  EXPECT_EQ(cache.size(), 1u);
}

TEST(UserCache, KeepsTheLastStateOfAUser) {
  UserCache cache(100);
  PutFresh(cache, "u", "v1");
  PutFresh(cache, "u", "v2");
  EXPECT_EQ(cache.Find("u").state->model_version, "v2");
  EXPECT_EQ(cache.size(), 1u);
}

TEST(UserCache, RefusesAStateReadBeforeTheUserWasForgotten) {
  UserCache cache(100);
  const uint64_t ticket = cache.Find("u").ticket;
  cache.Forget("u");
  cache.Put("u", ticket, StateOf("v1"));
  EXPECT_EQ(cache.Find("u").state, nullptr);
  PutFresh(cache, "u");
  EXPECT_NE(cache.Find("u").state, nullptr);
}

TEST(UserCache, ForgetDropsTheState) {
  UserCache cache(100);
  PutFresh(cache, "u");
  cache.Forget("u");
  cache.Forget("never seen");
  EXPECT_EQ(cache.Find("u").state, nullptr);
  EXPECT_EQ(cache.size(), 0u);
}

TEST(UserCache, StaysWithinItsCapacity) {
  UserCache cache(64);
  for (int i = 0; i < 10'000; ++i) PutFresh(cache, absl::StrCat("u", i));
  EXPECT_LE(cache.size(), 64u);
  EXPECT_GE(cache.size(), 32u);
}

TEST(UserCache, DropsTheLeastRecentlyUsedFirst) {
  UserCache cache(32);  // two a shard
  PutFresh(cache, "kept");
  for (int i = 0; i < 1'000; ++i) {
    PutFresh(cache, absl::StrCat("u", i));
    ASSERT_NE(cache.Find("kept").state, nullptr) << i;
  }
}

TEST(UserCache, KeepsNothingWithoutCapacity) {
  UserCache cache(0);
  PutFresh(cache, "u");
  EXPECT_EQ(cache.Find("u").state, nullptr);
}

TEST(UserCache, HandlesConcurrentUse) {
  UserCache cache(50);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&cache, t] {
      for (int i = 0; i < 2'000; ++i) {
        const std::string user = absl::StrCat("u", (i * 7 + t) % 100);
        PutFresh(cache, user);
        if (i % 3 == 0) cache.Forget(user);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(cache.size(), 64u);
}

}  // namespace
}  // namespace ridgeline
