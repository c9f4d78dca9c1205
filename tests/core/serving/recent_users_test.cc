#include "core/serving/recent_users.h"

#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(RecentUsers, KeepsTheLastOnes) {
  RecentUsers users(2, 1);
  EXPECT_THAT(users.Get(), IsEmpty());
  for (const char* id : {"a", "b", "c"}) users.Add(id);
  EXPECT_THAT(users.Get(), ElementsAre("b", "c"));
}

TEST(RecentUsers, SamplesOneInAnInterval) {
  RecentUsers users(10, 3);
  for (const char* id : {"a", "b", "c", "d", "e"}) users.Add(id);
  EXPECT_THAT(users.Get(), ElementsAre("a", "d"));
}

TEST(RecentUsers, GivesEachUserOnce) {
  RecentUsers users(10, 1);
  for (const char* id : {"b", "a", "b", "a"}) users.Add(id);
  EXPECT_THAT(users.Get(), ElementsAre("a", "b"));
}

TEST(RecentUsers, TakesUsersFromSeveralThreads) {
  RecentUsers users(50, 2);
  const auto add = [&users] {
    for (int i = 0; i < 1000; ++i) users.Add(absl::StrCat("u", i % 7));
  };
  std::thread one(add);
  std::thread other(add);
  one.join();
  other.join();
  EXPECT_LE(users.Get().size(), 7u);
}

}  // namespace
}  // namespace ridgeline
