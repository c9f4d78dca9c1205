#include "client/utf8_fields.h"

#include <string>

#include "gtest/gtest.h"
#include "ridgeline/v1/catalog_service.pb.h"
#include "ridgeline/v1/interaction_service.pb.h"
#include "ridgeline/v1/recommendation_service.pb.h"

namespace ridgeline {
namespace {

absl::Status ValidateUserId(const std::string& id) {
  v1::RecommendRequest request;
  request.set_user_id(id);
  return ValidateUtf8Fields(request);
}

TEST(Utf8Fields, AcceptsEveryLengthOfCharacter) {
  for (const char* id : {"", "a", "12345678", "12345678é", "é", "日本語", "😀", "\xEF\xBF\xBF",
                         "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF", "\xE0\xA0\x80", "\xF0\x90\x80\x80", "\x7F"}) {
    EXPECT_TRUE(ValidateUserId(id).ok()) << id;
  }
}

TEST(Utf8Fields, RefusesMalformedBytes) {
  for (const char* id :
       {"\xFF", "\x80", "12345678\xFF", "\xC3", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF",
        "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE6\x97",
        "\xE6\x97"
        "a",
        "\xF0\x9F\x98"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ValidateUserId(id)));
  }
}

TEST(Utf8Fields, AcceptsZeroBytesAsTheyAreAscii) {
  EXPECT_TRUE(ValidateUserId(std::string("a\0b", 3)).ok());
}

TEST(Utf8Fields, NamesTheFieldOfTheRequest) {
  EXPECT_EQ(ValidateUserId("\xFF").message(), "user_id: must be valid UTF-8");
}

TEST(Utf8Fields, NamesPlacesInRepeatedMessagesAndStrings) {
  v1::RecordInteractionsRequest record;
  record.add_interactions();
  record.add_interactions()->set_event_type("\xFF");
  EXPECT_EQ(ValidateUtf8Fields(record).message(), "interactions[1].event_type: must be valid UTF-8");
  v1::RecommendRequest recommend;
  recommend.mutable_filter()->mutable_tags()->add_none("fine");
  EXPECT_TRUE(ValidateUtf8Fields(recommend).ok());
  recommend.mutable_filter()->mutable_tags()->add_none("\xFF");
  EXPECT_EQ(ValidateUtf8Fields(recommend).message(), "filter.tags.none[1]: must be valid UTF-8");
}

TEST(Utf8Fields, LooksIntoOneofsAndMaps) {
  v1::RecommendRequest recommend;
  recommend.mutable_history()->add_entries()->set_item_id("\xFF");
  EXPECT_EQ(ValidateUtf8Fields(recommend).message(), "history.entries[0].item_id: must be valid UTF-8");
  v1::UpsertItemsRequest upsert;
  (*upsert.add_items()->mutable_attributes())["key"] = "\xFF";
  EXPECT_EQ(ValidateUtf8Fields(upsert).message(), "items[0].attributes[0].value: must be valid UTF-8");
}

}  // namespace
}  // namespace ridgeline
