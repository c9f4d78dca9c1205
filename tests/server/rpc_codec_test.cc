#include "server/rpc_codec.h"

#include <string>
#include <vector>

#include "core/base/random.h"
#include "gtest/gtest.h"
#include "ridgeline/v1/catalog_service.pb.h"
#include "ridgeline/v1/interaction_service.pb.h"
#include "ridgeline/v1/recommendation_service.pb.h"

namespace ridgeline {
namespace {

// In several slices, as the network delivers large messages.
grpc::ByteBuffer Buffer(const std::string& bytes, size_t slice_bytes = 1 << 20) {
  std::vector<grpc::Slice> slices;
  for (size_t at = 0; at < bytes.size(); at += slice_bytes)
    slices.emplace_back(bytes.substr(at, slice_bytes));
  return grpc::ByteBuffer(slices.data(), slices.size());
}

std::string Bytes(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  EXPECT_TRUE(buffer.Dump(&slices).ok());
  std::string bytes;
  for (const grpc::Slice& slice : slices) bytes.append(slice.begin(), slice.end());
  return bytes;
}

TEST(RpcCodec, ParsesWhatItSerialized) {
  v1::RecordInteractionsRequest message;
  for (int i = 0; i < 1000; ++i) message.add_interactions()->set_user_id(std::string(i % 256, 'u'));
  grpc::ByteBuffer buffer;
  ASSERT_TRUE(SerializeMessage(message, &buffer).ok());
  v1::RecordInteractionsRequest parsed;
  ASSERT_TRUE(ParseMessage(buffer, &parsed).ok());
  EXPECT_EQ(parsed.SerializeAsString(), message.SerializeAsString());
}

TEST(RpcCodec, ParsesAcrossSlices) {
  v1::GetItemRequest message;
  message.set_item_id("an item");
  v1::GetItemRequest parsed;
  ASSERT_TRUE(ParseMessage(Buffer(message.SerializeAsString(), 1), &parsed).ok());
  EXPECT_EQ(parsed.item_id(), "an item");
}

TEST(RpcCodec, AnEmptyMessageIsEmptyBytes) {
  grpc::ByteBuffer buffer;
  ASSERT_TRUE(SerializeMessage(v1::GetItemRequest(), &buffer).ok());
  EXPECT_EQ(Bytes(buffer), "");
  v1::GetItemRequest parsed;
  EXPECT_TRUE(ParseMessage(Buffer(""), &parsed).ok());
}

TEST(RpcCodec, NamesAStringThatIsNotUtf8) {
  v1::GetItemRequest parsed;
  const absl::Status status = ParseMessage(Buffer("\x0a\x02\xc3\x28"), &parsed);
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message(), "item_id: must be UTF-8");
}

// Proto setters take any bytes; only parsing looks at them.
TEST(RpcCodec, NamesANestedStringWithItsIndex) {
  v1::RecordInteractionsRequest message;
  for (int i = 0; i < 5; ++i) message.add_interactions()->set_user_id("fine");
  message.mutable_interactions(3)->set_item_id("\xff\xfe");
  v1::RecordInteractionsRequest parsed;
  EXPECT_EQ(ParseMessage(Buffer(message.SerializeAsString(), 7), &parsed).message(),
            "interactions[3].item_id: must be UTF-8");
}

TEST(RpcCodec, NamesAListElementBehindAnotherMessage) {
  v1::RecommendRequest message;
  message.set_k(5);
  message.mutable_filter()->mutable_tags()->add_any("ok");
  message.mutable_filter()->mutable_tags()->add_none("ok");
  message.mutable_filter()->mutable_tags()->add_none("\xed\xa0\x80");  // half of a surrogate pair
  v1::RecommendRequest parsed;
  EXPECT_EQ(ParseMessage(Buffer(message.SerializeAsString()), &parsed).message(),
            "filter.tags.none[1]: must be UTF-8");
}

TEST(RpcCodec, SaysWhenTheBytesAreNoMessageAtAll) {
  v1::RecommendRequest parsed;
  const absl::Status status = ParseMessage(Buffer("\x0a\x7f not that long"), &parsed);
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message(), "the request is not a valid ridgeline.v1.RecommendRequest");
}

TEST(RpcCodec, MoreFieldsThanMemoryShouldBeTakenForAreRefusedUnparsed) {
  std::string empty_interactions;
  for (int64_t i = 0; i <= kMaxRequestFields; ++i) empty_interactions += std::string("\x0a\x00", 2);
  v1::RecordInteractionsRequest parsed;
  const absl::Status status = ParseMessage(Buffer(empty_interactions), &parsed);
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message(), "the request has more than 1000000 fields, those of its parts included");
  EXPECT_EQ(parsed.interactions_size(), 0);
}

TEST(RpcCodec, CountsTheFieldsOfPartsToo) {
  v1::BatchRecommendRequest message;
  const auto parse = [&] {
    v1::BatchRecommendRequest parsed;
    return ParseMessage(Buffer(message.SerializeAsString()), &parsed);
  };
  for (int request = 0; request < 9; ++request) {
    auto& ids = *message.add_requests()->mutable_filter()->mutable_exclude_item_ids();
    for (int i = 0; i < 100'000; ++i) *ids.Add() = "i";
  }
  EXPECT_TRUE(parse().ok()) << parse();
  message.add_requests()->CopyFrom(message.requests(0));
  EXPECT_TRUE(absl::IsInvalidArgument(parse()));
}

TEST(RpcCodec, AnyBytesAreParsedOrRefused) {
  v1::RecordInteractionsRequest message;
  for (int i = 0; i < 3; ++i) {
    message.add_interactions()->set_user_id("somebody");
    message.mutable_interactions(i)->mutable_time()->set_seconds(17);
  }
  const std::string good = message.SerializeAsString();
  Random random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = good;
    for (uint64_t flips = 1 + random.Below(4); flips > 0; --flips) {
      bytes[random.Below(bytes.size())] = static_cast<char>(random.Below(256));
    }
    bytes.resize(random.Below(bytes.size() + 1));
    v1::RecordInteractionsRequest parsed;
    const absl::Status status = ParseMessage(Buffer(bytes), &parsed);
    EXPECT_TRUE(status.ok() || absl::IsInvalidArgument(status));
  }
}

}  // namespace
}  // namespace ridgeline
