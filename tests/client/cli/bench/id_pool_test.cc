#include "client/cli/bench/id_pool.h"

#include <map>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

absl::StatusOr<IdPool> ReadPool(absl::string_view argument, const std::string& input = "",
                                double exponent = 0) {
  std::istringstream stream(input);
  return IdPool::Read(argument, exponent, stream);
}

std::vector<std::string> All(absl::string_view argument, const std::string& input = "") {
  const absl::StatusOr<IdPool> pool = ReadPool(argument, input);
  EXPECT_TRUE(pool.ok()) << pool.status();
  std::vector<std::string> ids(pool.ok() ? pool->size() : 0);
  for (size_t i = 0; i < ids.size(); ++i) pool->Get(static_cast<int64_t>(i), ids[i]);
  return ids;
}

TEST(IdPool, IsAListOrARange) {
  EXPECT_THAT(All("a,b,c"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(All("-", "x\ny\n"), ElementsAre("x", "y"));
  EXPECT_THAT(All("u[8-11]"), ElementsAre("u8", "u9", "u10", "u11"));
  EXPECT_THAT(All("[0-1].txt"), ElementsAre("0.txt", "1.txt"));
  EXPECT_THAT(All("u[08-10]"), ElementsAre("u08", "u09", "u10"));
  EXPECT_THAT(All("u[5-5]"), ElementsAre("u5"));
  EXPECT_THAT(All("a[x],b[1-2]"), ElementsAre("a[x]", "b[1-2]"));
}

TEST(IdPool, OfARangeTakesNoMemoryForIt) {
  const absl::StatusOr<IdPool> pool = ReadPool("u[0-999999999999]");
  ASSERT_TRUE(pool.ok());
  EXPECT_EQ(pool->size(), 1'000'000'000'000);
  std::string id;
  pool->Get(123'456'789'012, id);
  EXPECT_EQ(id, "u123456789012");
}

TEST(IdPool, RefusesWhatHasNoIds) {
  for (const char* argument :
       {"u[9-1]", "u[1-]", "u[-1]", "u[a-b]", "u[1]", "u]1-2[", "u[+1-2]", "u[1-99999999999999999999]"}) {
    EXPECT_THAT(std::string(ReadPool(argument).status().message()), HasSubstr("not a range of ids"))
        << argument;
  }
  EXPECT_TRUE(absl::IsInvalidArgument(ReadPool("").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(ReadPool("-").status()));
  EXPECT_TRUE(absl::IsNotFound(ReadPool("@/no/such/file").status()));
}

TEST(IdPool, DrawsEarlierIdsMoreOftenByZipf) {
  const absl::StatusOr<IdPool> pool = ReadPool("a,b,c,d", "", /*exponent=*/1);
  BenchRandom random(/*seed=*/1);
  std::map<std::string, int> counts;
  std::string id;
  for (int i = 0; i < 10'000; ++i) {
    pool->Draw(random, id);
    ++counts[id];
  }
  EXPECT_GT(counts["a"], counts["b"]);
  EXPECT_GT(counts["b"], counts["c"]);
  EXPECT_GT(counts["c"], counts["d"]);
  EXPECT_GT(counts["d"], 0);
}

}  // namespace
}  // namespace ridgeline
