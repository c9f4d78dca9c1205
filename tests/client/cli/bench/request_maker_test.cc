#include "client/cli/bench/request_maker.h"

#include <set>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ridgeline/v1/interaction_service.pb.h"
#include "ridgeline/v1/recommendation_service.pb.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

absl::optional<IdPool> Pool(absl::string_view argument) {
  std::istringstream unused;
  return *IdPool::Read(argument, /*exponent=*/0, unused);
}

RequestOptions Options(const std::string& mix) {
  RequestOptions options;
  options.mix = mix;
  options.users = Pool("u[0-9]");
  options.items = Pool("i[0-9]");
  options.vector.emplace().add_factors(0.5f);
  return options;
}

std::string Text(const BenchRequest& request) {
  std::vector<grpc::Slice> slices;
  EXPECT_TRUE(request.bytes.Dump(&slices).ok());
  std::string text;
  for (const grpc::Slice& slice : slices)
    text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return text;
}

template <typename Request>
Request Next(RequestMaker& maker) {
  Request request;
  EXPECT_TRUE(request.ParseFromString(Text(maker.Next())));
  return request;
}

template <typename Request>
Request First(const RequestOptions& options) {
  absl::StatusOr<RequestMaker> maker = RequestMaker::Create(options);
  EXPECT_TRUE(maker.ok()) << maker.status();
  return Next<Request>(*maker);
}

TEST(RequestMaker, PutsWhatAllRequestsShareIntoEachOne) {
  for (const char* kind : {"recommend", "history", "vector"}) {
    RequestOptions options = Options(kind);
    options.k = 7;
    options.filter.emplace().add_exclude_item_ids("x");
    options.filter->mutable_tags()->add_any("Comedy");
    const auto request = First<v1::RecommendRequest>(options);
    EXPECT_EQ(request.k(), 7) << kind;
    EXPECT_THAT(request.filter().exclude_item_ids(), ElementsAre("x")) << kind;
    EXPECT_THAT(request.filter().tags().any(), ElementsAre("Comedy")) << kind;
  }
}

TEST(RequestMaker, DrawsUsersAndItemsAnewForEachRequest) {
  absl::StatusOr<RequestMaker> maker = RequestMaker::Create(Options("recommend"));
  std::set<std::string> users;
  for (int i = 0; i < 200; ++i) users.insert(Next<v1::RecommendRequest>(*maker).user_id());
  EXPECT_EQ(users.size(), 10);
  EXPECT_EQ(*users.begin(), "u0");
}

TEST(RequestMaker, FillsEachKind) {
  EXPECT_THAT(First<v1::RecommendRequest>(Options("recommend")).user_id(), StartsWith("u"));
  EXPECT_EQ(First<v1::RecommendRequest>(Options("history")).history().entries_size(), 5);
  EXPECT_THAT(First<v1::RecommendRequest>(Options("vector")).vector().factors(), ElementsAre(0.5f));
  EXPECT_EQ(First<v1::BatchRecommendRequest>(Options("batch")).requests_size(), 100);
  EXPECT_THAT(First<v1::SimilarItemsRequest>(Options("similar")).item_id(), StartsWith("i"));
  EXPECT_THAT(First<v1::SimilarUsersRequest>(Options("similar-users")).user_id(), StartsWith("u"));
  EXPECT_EQ(First<v1::ScoreItemsRequest>(Options("score")).item_ids_size(), 5);
  EXPECT_THAT(First<v1::ScoreItemsRequest>(Options("score")).user_id(), StartsWith("u"));
  EXPECT_THAT(First<v1::ExplainRequest>(Options("explain")).item_id(), StartsWith("i"));
  EXPECT_THAT(First<v1::ListInteractionsRequest>(Options("interactions")).user_id(), StartsWith("u"));
  const auto record = First<v1::RecordInteractionsRequest>(Options("record"));
  ASSERT_EQ(record.interactions_size(), 1);
  EXPECT_THAT(record.interactions(0).user_id(), StartsWith("u"));
  EXPECT_THAT(record.interactions(0).item_id(), StartsWith("i"));
}

TEST(RequestMaker, FillsARequestOfManyPartsAnewEachTime) {
  for (const char* kind : {"history", "score", "batch", "record"}) {
    absl::StatusOr<RequestMaker> maker = RequestMaker::Create(Options(kind));
    const size_t size = Text(maker->Next()).size();
    EXPECT_EQ(Text(maker->Next()).size(), size) << kind;  // all ids have two bytes
  }
}

TEST(RequestMaker, KeepsTheProportionsOfTheMix) {
  absl::StatusOr<RequestMaker> maker = RequestMaker::Create(Options("recommend=90,record=10"));
  int records = 0;
  for (int i = 0; i < 10'000; ++i) records += maker->Next().rpc == 1;
  EXPECT_NEAR(records, 1000, 150);
  EXPECT_EQ(maker->method(0), "/ridgeline.v1.RecommendationService/Recommend");
  EXPECT_EQ(maker->method(1), "/ridgeline.v1.InteractionService/RecordInteractions");
}

TEST(RequestMaker, RepeatsFromItsSeed) {
  const auto make = [](uint64_t seed) {
    RequestOptions options = Options("recommend=2,similar=1,record=1");
    options.seed = seed;
    absl::StatusOr<RequestMaker> maker = RequestMaker::Create(options);
    std::string all;
    for (int i = 0; i < 100; ++i) all += Text(maker->Next());
    return all;
  };
  EXPECT_EQ(make(1), make(1));
  EXPECT_NE(make(1), make(2));
}

TEST(RequestMaker, SaysWhichFlagIsMissing) {
  const auto error = [](const std::string& mix) {
    RequestOptions options;
    options.mix = mix;
    return std::string(RequestMaker::Create(options).status().message());
  };
  EXPECT_EQ(error("recommend"), "--users: needed by recommend in --mix");
  EXPECT_EQ(error("similar"), "--items: needed by similar in --mix");
  EXPECT_EQ(error("vector"), "--vector: needed by vector in --mix");
  EXPECT_THAT(error("foo"), StartsWith("--mix: there is no 'foo'; there are recommend, "));
  EXPECT_EQ(error("status"), "");
}

}  // namespace
}  // namespace ridgeline
