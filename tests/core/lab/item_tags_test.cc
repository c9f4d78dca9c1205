#include "core/lab/item_tags.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ReadItemTagsTest : public testing::Test {
 protected:
  const TempDir directory_;
  const IdMap items_ = IdMap::FromIds({"b", "a", "c", "d"}).value();
  const std::vector<bool> all_ = std::vector<bool>(4, true);
};

TEST_F(ReadItemTagsTest, LaysOutTheTagsOfKnownItemsByRow) {
  const std::string path = directory_.Write(
      "items.csv", "id,title,tags\na,A,drama|war\nb,B,war\nc,C,war|drama\nx,X,comedy|comedy\n");
  const CsrMatrix tags = ReadItemTags({path}, items_, all_, 10).value();
  EXPECT_EQ(tags.rows, 4u);
  EXPECT_EQ(tags.columns, 2u) << "drama, war";
  EXPECT_THAT(tags.RowColumns(0), ElementsAre(1));
  EXPECT_THAT(tags.RowColumns(1), ElementsAre(0, 1));
  EXPECT_THAT(tags.RowColumns(2), ElementsAre(0, 1));
  EXPECT_THAT(tags.RowColumns(3), IsEmpty());
}

TEST_F(ReadItemTagsTest, AddsUpTheTagsOfAllLinesAndFiles) {
  const std::string genres = directory_.Write("genres.csv", "a,A,war\nb,B,war\n");
  const std::string said = directory_.Write("said.csv", "id,tags\na,grim\na,long\nb,grim\nb,long\nb,grim\n");
  const CsrMatrix tags = ReadItemTags({genres, said}, items_, all_, 10).value();
  EXPECT_EQ(tags.columns, 3u) << "grim, long, war";
  EXPECT_THAT(tags.RowColumns(0), ElementsAre(0, 1, 2));
  EXPECT_THAT(tags.RowColumns(1), ElementsAre(0, 1, 2));
}

TEST_F(ReadItemTagsTest, KeepsTheMostFrequentTagsOfTeachingItems) {
  const std::string path = directory_.Write("items.csv", "a,,x|y|z\nb,,x|y|z\nc,,x|z\nd,,y|z|x\n");
  EXPECT_EQ(ReadItemTags({path}, items_, all_, 2).value().columns, 2u);
  const CsrMatrix tags = ReadItemTags({path}, items_, {true, true, true, false}, 2).value();
  EXPECT_THAT(tags.RowColumns(3), ElementsAre(0, 1)) << "x and z";
}

TEST_F(ReadItemTagsTest, ReportsBadFiles) {
  EXPECT_EQ(ReadItemTags({directory_.File("absent")}, items_, all_, 10).status().code(),
            absl::StatusCode::kNotFound);
  const std::string path = directory_.Write("items.csv", "id,tags\na,b\na,b,c,d\n");
  EXPECT_THAT(std::string(ReadItemTags({path}, items_, all_, 10).status().message()), HasSubstr(":3:"));
}

}  // namespace
}  // namespace ridgeline
