#include "core/lab/data_flags.h"

#include <sstream>

#include "core/base/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class ReadIntoTest : public testing::Test {
 protected:
  absl::Status Read(const std::string& text, const DataFlags& flags, Feedback feedback) {
    const std::string path = directory_.File("data.csv");
    EXPECT_TRUE(WriteFileDurably(path, {text}).ok());
    DataOptions options = ResolveDataFlags(flags, feedback).value();
    options.event_weight = event_weight_;
    Arena arena(2);
    InteractionTableBuilder builder;
    const absl::Status status = ReadInto(path, options, arena, remarks_, &builder);
    table_ = builder.Build();
    return status;
  }

  const TempDir directory_;
  std::ostringstream remarks_;
  EventWeight event_weight_;
  InteractionTable table_;
};

TEST_F(ReadIntoTest, RatingsKeepTheirValues) {
  ASSERT_TRUE(Read("a,x,5\nb,y,0.5\n", {}, Feedback::kExplicit).ok());
  EXPECT_THAT(table_.values, ElementsAre(5.0f, 0.5f));
}

TEST_F(ReadIntoTest, AThresholdKeepsPositivesWithWeightOne) {
  ASSERT_TRUE(Read("a,x,5\na,y,3.5\nb,x,4\n", {.positive_threshold = 4.0}, Feedback::kImplicit).ok());
  EXPECT_THAT(table_.values, ElementsAre(1.0f, 1.0f));
  EXPECT_EQ(table_.items->size(), 1u);
}

TEST_F(ReadIntoTest, WeighsEventsByType) {
  event_weight_.type_factors = {{"buy", 5.0}, {"seen", 0.0}};
  ASSERT_TRUE(
      Read("user_id,item_id,value,event_type\na,x,2,buy\na,y,1,seen\na,z,3,click\n", {}, Feedback::kImplicit)
          .ok());
  EXPECT_THAT(table_.values, ElementsAre(10.0f, 3.0f));
}

TEST_F(ReadIntoTest, ImplicitWeightsMustBePositive) {
  const absl::Status status = Read("a,x,1\nb,y,0\n", {}, Feedback::kImplicit);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("user 'b'"));
}

TEST_F(ReadIntoTest, ToleratedBadLinesAreTold) {
  EXPECT_FALSE(Read("a,x,5\nb\nc,z,4\n", {}, Feedback::kExplicit).ok());
  ASSERT_TRUE(Read("a,x,5\nb\nc,z,4\n", {.max_bad_lines = 1}, Feedback::kExplicit).ok());
  EXPECT_THAT(remarks_.str(), HasSubstr("data.csv:2:"));
  EXPECT_EQ(table_.size(), 2);
}

TEST(DataFlags, BadValuesAreRefusedByName) {
  EXPECT_THAT(std::string(ResolveDataFlags({.format = "xml"}, Feedback::kImplicit).status().message()),
              StartsWith("format"));
  EXPECT_THAT(std::string(ResolveDataFlags({.max_bad_lines = -1}, Feedback::kImplicit).status().message()),
              StartsWith("max_bad_lines:"));
  EXPECT_THAT(
      std::string(ResolveDataFlags({.positive_threshold = 4.0}, Feedback::kExplicit).status().message()),
      StartsWith("positive_threshold:"));
  EXPECT_THAT(
      std::string(
          ResolveDataFlags({.positive_threshold = 0.0 / 0.0}, Feedback::kImplicit).status().message()),
      StartsWith("positive_threshold:"));
}

}  // namespace
}  // namespace ridgeline
