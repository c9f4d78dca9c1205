#include "core/catalog/item_reader.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ItemReaderTest : public testing::Test {
 protected:
  absl::StatusOr<ItemReadReport> Read(const std::string& text, int64_t max_bad_lines = 0) {
    std::ofstream(directory_.File("items")) << text;
    return ReadItems(directory_.File("items"), {max_bad_lines}, [this](Item&& item) {
      ids_.push_back(item.id);
      return absl::OkStatus();
    });
  }

  TempDir directory_;
  std::vector<std::string> ids_;
};

TEST_F(ItemReaderTest, HandsItemsOnInFileOrder) {
  const absl::StatusOr<ItemReadReport> report = Read("id,title,tags\n2,B,x\n\n1,A,y\n");
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(ids_, ElementsAre("2", "1"));
  EXPECT_EQ(report->items, 2);
  EXPECT_EQ(report->lines, 4);
}

TEST_F(ItemReaderTest, ABadLineIsReportedWithFileAndLine) {
  const absl::StatusOr<ItemReadReport> report = Read("1,A,x\n,no id,x\n2,B,x\n");
  EXPECT_EQ(report.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(report.status().message()), HasSubstr(directory_.File("items") + ":2: id: "));
}

TEST_F(ItemReaderTest, ToleratedBadLinesAreCountedAndNamed) {
  const absl::StatusOr<ItemReadReport> report = Read("1,A,x\n,no id,x\n2,B,x\n", 1);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(ids_, ElementsAre("1", "2"));
  EXPECT_EQ(report->bad_lines, 1);
  EXPECT_THAT(report->bad_line_messages, ElementsAre(HasSubstr("items:2: id: ")));
}

TEST_F(ItemReaderTest, TheErrorOfTheSinkEndsTheReading) {
  std::ofstream(directory_.File("items")) << "1,A,x\n2,B,x\n";
  int taken = 0;
  const auto report = ReadItems(directory_.File("items"), {}, [&taken](Item&&) {
    ++taken;
    return absl::UnavailableError("full");
  });
  EXPECT_EQ(report.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(taken, 1);
}

TEST_F(ItemReaderTest, AMissingFileIsNotFound) {
  EXPECT_EQ(ReadItems(directory_.File("none"), {}, nullptr).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(ItemReaderTest, ReadsTheRealMovieFiles) {
  const std::string data = std::string(RIDGELINE_SOURCE_DIR) + "/../shared/data/";
  if (!std::filesystem::exists(data)) GTEST_SKIP() << data << " is absent";
  const auto count = [](Item&&) { return absl::OkStatus(); };
  const auto small = ReadItems(data + "ml-latest-small/movies.csv", {}, count);
  ASSERT_TRUE(small.ok()) << small.status();
  EXPECT_EQ(small->items, 9125);
  const auto tweets = ReadItems(data + "movietweetings-100k/movies.dat", {}, count);
  ASSERT_TRUE(tweets.ok()) << tweets.status();
  EXPECT_GT(tweets->items, 10'000);
}

}  // namespace
}  // namespace ridgeline
