#include "server/validation.h"

#include <limits>

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(Validation, MessagesBeginWithTheField) {
  EXPECT_EQ(FieldError("k", "must be small").message(), "k: must be small");
  EXPECT_EQ(CheckRange("k", 0, 1, 10).message(), "k: must be between 1 and 10, got 0");
  EXPECT_EQ(CheckCount("items", 11, 1, 10).message(), "items: must have 1 to 10 elements, got 11");
}

TEST(Validation, RangesIncludeTheirEnds) {
  EXPECT_TRUE(CheckRange("k", 1, 1, 10).ok());
  EXPECT_TRUE(CheckRange("k", 10, 1, 10).ok());
  EXPECT_FALSE(CheckRange("k", 11, 1, 10).ok());
  EXPECT_FALSE(CheckRange("k", std::numeric_limits<int64_t>::min(), 1, 10).ok());
}

TEST(Validation, WithinPutsTheParentInFront) {
  EXPECT_EQ(Within("items[2]", FieldError("id", "bad")).message(), "items[2].id: bad");
  EXPECT_EQ(Within("items[2]", absl::UnavailableError("disk")).message(), "disk");
  EXPECT_TRUE(Within("items[2]", absl::OkStatus()).ok());
}

TEST(Validation, IdsAreNamedByIndex) {
  google::protobuf::RepeatedPtrField<std::string> ids;
  *ids.Add() = "fine";
  EXPECT_TRUE(CheckIds("tags.any", ids, 2).ok());
  *ids.Add() = "";
  EXPECT_EQ(CheckIds("tags.any", ids, 2).message().substr(0, 12), "tags.any[1]:");
  *ids.Add() = "three";
  EXPECT_EQ(CheckIds("tags.any", ids, 2).message().substr(0, 9), "tags.any:");
}

TEST(Validation, PageSizeZeroMeansTheDefault) {
  EXPECT_EQ(ResolvePageSize(0, 1000).value(), 100);
  EXPECT_EQ(ResolvePageSize(7, 1000).value(), 7);
  EXPECT_FALSE(ResolvePageSize(-1, 1000).ok());
  EXPECT_FALSE(ResolvePageSize(1001, 1000).ok());
}

}  // namespace
}  // namespace ridgeline
