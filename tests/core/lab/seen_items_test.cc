#include "core/lab/seen_items.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/retrieval/random_model.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SeenItems, KeepsEachUsersPairs) {
  const SeenItems seen = SeenItems::FromPairs(4, {{2, 7}, {0, 1}, {2, 5}, {2, 7}});
  EXPECT_THAT(seen.Of(0), ElementsAre(1));
  EXPECT_THAT(seen.Of(1), IsEmpty());
  EXPECT_THAT(seen.Of(2), ElementsAre(7, 5, 7));
  EXPECT_THAT(seen.Of(3), IsEmpty());
  EXPECT_THAT(SeenItems(2).Of(1), IsEmpty());
}

TEST(SeenItems, PassesOverWhomAndWhatTheModelDoesNotHave) {
  const TempDir directory;
  const auto model = RandomModel(1, 3, 4, 2, Numbers::kNormal);
  const std::string path = directory.Write("seen.csv", "u1,i3,1\nu9,i0,1\nu1,new,1\nu2,i0,0\n");
  const SeenItems seen = SeenItems::Read(path, {}, *model).value();
  EXPECT_THAT(seen.Of(0), IsEmpty());
  EXPECT_THAT(seen.Of(1), ElementsAre(3));
  EXPECT_THAT(seen.Of(2), ElementsAre(0));
}

TEST(SeenItems, NamesTheBadLine) {
  const TempDir directory;
  const auto model = RandomModel(1, 3, 4, 2, Numbers::kNormal);
  const std::string path = directory.Write("seen.csv", "u1,i3,1\nu1\n");
  const absl::Status status = SeenItems::Read(path, {}, *model).status();
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("seen.csv:2"));
}

}  // namespace
}  // namespace ridgeline
