#include "server/recommend_request_reader.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/serving/page_token.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/convert_recommendation_request.h"
#include "server/rpc_codec.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

grpc::ByteBuffer Bytes(const std::string& text, size_t slice_bytes = 1000) {
  std::vector<grpc::Slice> slices;
  for (size_t at = 0; at < text.size(); at += slice_bytes) slices.emplace_back(text.substr(at, slice_bytes));
  return grpc::ByteBuffer(slices.data(), slices.size());
}

// A request of some 10 KB in which every field is set that can be.
v1::RecommendRequest LargeRequest() {
  v1::RecommendRequest request;
  request.set_user_id("somebody");
  request.set_k(7);
  v1::ItemFilter* filter = request.mutable_filter();
  for (int i = 0; i < 500; ++i) filter->add_exclude_item_ids(absl::StrCat("out ", i));
  for (int i = 0; i < 500; ++i) filter->add_candidate_item_ids(absl::StrCat("in ", i));
  filter->mutable_tags()->add_any("red");
  filter->set_include_unavailable(true);
  request.add_boosts()->set_tag("new");
  request.mutable_boosts(0)->set_multiply(2.0f);
  request.set_minimum_score(0.5f);
  request.set_page_token("token");
  return request;
}

// What the query means, for comparison.
std::string Meaning(const absl::StatusOr<RecommendQuery>& query) {
  if (!query.ok()) return query.status().ToString();
  return absl::StrCat(query->k, " ", query->page_token, " ", QueryFingerprint(*query));
}

// The same by way of Protocol Buffers alone.
std::string OracleMeaning(const std::string& text) {
  v1::RecommendRequest message;
  const absl::Status status = ParseMessage(Bytes(text), &message);
  return status.ok() ? Meaning(FromProto(message)) : status.ToString();
}

TEST(RecommendRequestReader, ReadsLargeAndSmallRequestsAlike) {
  RecommendRequestReader reader;
  v1::RecommendRequest small;
  small.set_user_id("somebody");
  small.mutable_filter()->add_exclude_item_ids("a");
  for (const v1::RecommendRequest& request : {small, LargeRequest()}) {
    const std::string text = request.SerializeAsString();
    EXPECT_EQ(Meaning(reader.Read(Bytes(text))), OracleMeaning(text));
  }
}

TEST(RecommendRequestReader, QueriesStayGoodAsLongAsTheReader) {
  RecommendRequestReader reader;
  const grpc::ByteBuffer bytes = Bytes(LargeRequest().SerializeAsString());
  std::vector<RecommendQuery> queries;
  for (int i = 0; i < 10; ++i) queries.push_back(reader.Read(bytes).value());
  for (const RecommendQuery& query : queries) {
    EXPECT_EQ(query.selection.exclude_item_ids[499], "out 499");
    EXPECT_EQ(query.selection.candidate_item_ids[0], "in 0");
    EXPECT_THAT(query.selection.tags.any, ElementsAre("red"));
  }
}

TEST(RecommendRequestReader, AFilterInPartsIsOneFilter) {
  RecommendRequestReader reader;
  const std::string once = LargeRequest().SerializeAsString();
  EXPECT_EQ(Meaning(reader.Read(Bytes(once + once))), OracleMeaning(once + once));
}

TEST(RecommendRequestReader, NamesABadFieldOfALargeRequest) {
  RecommendRequestReader reader;
  v1::RecommendRequest request = LargeRequest();
  request.set_user_id("\xff");
  EXPECT_EQ(reader.Read(Bytes(request.SerializeAsString())).status().message(), "user_id: must be UTF-8");
  request = LargeRequest();
  request.clear_user_id();
  EXPECT_THAT(std::string(reader.Read(Bytes(request.SerializeAsString())).status().message()),
              StartsWith("subject: "));
  EXPECT_THAT(std::string(reader.Read(Bytes(std::string(5'000, '\xff'))).status().message()),
              HasSubstr("not a valid ridgeline.v1.RecommendRequest"));
}

TEST(RecommendRequestReader, RefusesAListThatIsTooLong) {
  RecommendRequestReader reader;
  v1::RecommendRequest request;
  request.set_user_id("somebody");
  for (size_t i = 0; i < kMaxFilterIds + 5; ++i) request.mutable_filter()->add_candidate_item_ids("a");
  EXPECT_THAT(std::string(reader.Read(Bytes(request.SerializeAsString())).status().message()),
              StartsWith("filter.candidate_item_ids: must have 0 to 100000 elements"));
  while (request.filter().candidate_item_ids_size() <= kMaxRequestFields) {
    request.mutable_filter()->add_candidate_item_ids("a");
  }
  EXPECT_THAT(std::string(reader.Read(Bytes(request.SerializeAsString())).status().message()),
              StartsWith("filter.candidate_item_ids: must have 0 to 100000 elements"))
      << "the list is named, however long it is";
}

TEST(RecommendRequestReader, RefusesMoreFieldsThanARequestMayHave) {
  v1::RecommendRequest request;
  for (int64_t i = 0; i < kMaxRequestFields; ++i) request.mutable_history()->add_entries();
  RecommendRequestReader reader;
  EXPECT_THAT(reader.Read(Bytes(request.SerializeAsString(), 1 << 20)).status().message(),
              HasSubstr("more than 1000000 fields"));
}

TEST(RecommendRequestReader, ReadsDamagedBytesAsProtocolBuffersDo) {
  const std::string whole = LargeRequest().SerializeAsString();
  std::mt19937 random(1);
  for (int trial = 0; trial < 2'000; ++trial) {
    std::string damaged = whole;
    for (uint32_t flips = 1 + random() % 3; flips > 0; --flips) {
      damaged[random() % damaged.size()] = static_cast<char>(random());
    }
    if (random() % 4 == 0) damaged.resize(damaged.size() - random() % 100);
    RecommendRequestReader reader;
    const std::string oracle = OracleMeaning(damaged);
    // Ids of the filter are checked where they are looked up.
    if (oracle.find("item_ids[") != std::string::npos) continue;
    EXPECT_EQ(Meaning(reader.Read(Bytes(damaged))), oracle) << trial;
  }
}

}  // namespace
}  // namespace ridgeline
