#include "client/cli/bench/request_maker.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ridgeline/v1/interaction_service.pb.h"
#include "ridgeline/v1/model_service.pb.h"
#include "ridgeline/v1/recommendation_service.pb.h"

namespace ridgeline {
namespace {

using Draws = RequestMaker::Draws;
using WriteHead = RequestMaker::WriteHead;

void DrawUser(Draws draws, std::string* id) {
  draws.options.users->Draw(draws.random, *id);
}

void DrawItem(Draws draws, std::string* id) {
  draws.options.items->Draw(draws.random, *id);
}

// Writes a message that is reused for every call; `fill` sets in it what differs.
template <typename Request, typename Fill>
WriteHead Head(Fill fill) {
  return [fill, request = Request()](Draws draws, std::string* bytes) mutable {
    fill(draws, request);
    request.SerializeToString(bytes);
  };
}

// k and filter.
template <typename Request>
Request ListTail(const RequestOptions& options) {
  Request request;
  if (options.k.has_value()) request.set_k(*options.k);
  if constexpr (requires { request.mutable_filter(); }) {
    if (options.filter.has_value()) *request.mutable_filter() = *options.filter;
  }
  return request;
}

template <typename Request>
std::string Tail(const RequestOptions& options) {
  return ListTail<Request>(options).SerializeAsString();
}

std::string VectorTail(const RequestOptions& options) {
  auto request = ListTail<v1::RecommendRequest>(options);
  *request.mutable_vector() = *options.vector;
  return request.SerializeAsString();
}

std::string NoTail(const RequestOptions&) {
  return "";
}

void FillHistory(Draws draws, v1::RecommendRequest& request) {
  request.mutable_history()->clear_entries();
  for (int i = 0; i < draws.options.items_per_call; ++i) {
    DrawItem(draws, request.mutable_history()->add_entries()->mutable_item_id());
  }
}

void FillBatch(Draws draws, v1::BatchRecommendRequest& batch) {
  batch.clear_requests();
  for (int i = 0; i < draws.options.users_per_call; ++i) {
    v1::RecommendRequest* request = batch.add_requests();
    *request = ListTail<v1::RecommendRequest>(draws.options);
    DrawUser(draws, request->mutable_user_id());
  }
}

void FillScore(Draws draws, v1::ScoreItemsRequest& request) {
  DrawUser(draws, request.mutable_user_id());
  request.clear_item_ids();
  for (int i = 0; i < draws.options.items_per_call; ++i) DrawItem(draws, request.add_item_ids());
}

void FillRecord(Draws draws, v1::RecordInteractionsRequest& request) {
  request.clear_interactions();
  v1::Interaction* interaction = request.add_interactions();
  DrawUser(draws, interaction->mutable_user_id());
  DrawItem(draws, interaction->mutable_item_id());
}

struct KindRow {
  const char* name;
  const char* method;
  bool users;
  bool items;
  WriteHead head;
  std::string (*tail)(const RequestOptions& options);
};

// Made anew at each call: WriteHead holds a message.
std::vector<KindRow> MakeKinds() {
  using v1::RecommendRequest;
  using v1::SimilarItemsRequest;
  using v1::SimilarUsersRequest;
  const auto user = [](Draws draws, auto& request) { DrawUser(draws, request.mutable_user_id()); };
  const auto item = [](Draws draws, auto& request) { DrawItem(draws, request.mutable_item_id()); };
  const auto both = [=](Draws draws, auto& request) { user(draws, request), item(draws, request); };
  const auto nothing = [](Draws, auto&) {};
  const char* const recommend = "/ridgeline.v1.RecommendationService/Recommend";
  return {
      {"recommend", recommend, true, false, Head<RecommendRequest>(user), Tail<RecommendRequest>},
      {"history", recommend, false, true, Head<RecommendRequest>(FillHistory), Tail<RecommendRequest>},
      {"vector", recommend, false, false, Head<RecommendRequest>(nothing), VectorTail},
      {"batch", "/ridgeline.v1.RecommendationService/BatchRecommend", true, false,
       Head<v1::BatchRecommendRequest>(FillBatch), NoTail},
      {"similar", "/ridgeline.v1.RecommendationService/SimilarItems", false, true,
       Head<SimilarItemsRequest>(item), Tail<SimilarItemsRequest>},
      {"similar-users", "/ridgeline.v1.RecommendationService/SimilarUsers", true, false,
       Head<SimilarUsersRequest>(user), Tail<SimilarUsersRequest>},
      {"score", "/ridgeline.v1.RecommendationService/ScoreItems", true, true,
       Head<v1::ScoreItemsRequest>(FillScore), NoTail},
      {"explain", "/ridgeline.v1.RecommendationService/Explain", true, true, Head<v1::ExplainRequest>(both),
       NoTail},
      {"record", "/ridgeline.v1.InteractionService/RecordInteractions", true, true,
       Head<v1::RecordInteractionsRequest>(FillRecord), NoTail},
      {"interactions", "/ridgeline.v1.InteractionService/ListInteractions", true, false,
       Head<v1::ListInteractionsRequest>(user), NoTail},
      {"status", "/ridgeline.v1.ModelService/GetServerStatus", false, false,
       Head<v1::GetServerStatusRequest>(nothing), NoTail},
  };
}

const KindRow& FindKind(const std::vector<KindRow>& kinds, const std::string& name) {
  return *std::find_if(kinds.begin(), kinds.end(), [&](const KindRow& kind) { return kind.name == name; });
}

absl::Status Needs(absl::string_view flag, const KindRow& kind) {
  return absl::InvalidArgumentError(absl::StrCat(flag, ": needed by ", kind.name, " in --mix"));
}

absl::Status CheckSources(const RequestOptions& options, const KindRow& kind) {
  if (kind.users && !options.users.has_value()) return Needs("--users", kind);
  if (kind.items && !options.items.has_value()) return Needs("--items", kind);
  if (kind.tail == VectorTail && !options.vector.has_value()) return Needs("--vector", kind);
  return absl::OkStatus();
}

}  // namespace

std::vector<std::string> RequestMaker::Kinds() {
  std::vector<std::string> names;
  for (const KindRow& kind : MakeKinds()) names.emplace_back(kind.name);
  return names;
}

absl::StatusOr<RequestMaker> RequestMaker::Create(RequestOptions options) {
  const absl::StatusOr<RpcMix> mix = RpcMix::Parse(options.mix, Kinds());
  if (!mix.ok()) return absl::InvalidArgumentError(absl::StrCat("--mix: ", mix.status().message()));
  const std::vector<KindRow> kinds = MakeKinds();
  for (const std::string& name : mix->names()) {
    absl::Status status = CheckSources(options, FindKind(kinds, name));
    if (!status.ok()) return status;
  }
  return RequestMaker(std::move(options), *mix);
}

RequestMaker::RequestMaker(RequestOptions options, RpcMix mix)
    : options_(std::move(options)), mix_(std::move(mix)), random_(options_.seed) {
  const std::vector<KindRow> kinds = MakeKinds();
  for (const std::string& name : mix_.names()) {
    const KindRow& kind = FindKind(kinds, name);
    kinds_.push_back({kind.method, kind.head, grpc::Slice(kind.tail(options_))});
  }
}

BenchRequest RequestMaker::Next() {
  const size_t rpc = mix_.Draw(random_);
  Kind& kind = kinds_[rpc];
  kind.write_head({options_, random_}, &head_);
  const grpc::Slice slices[] = {grpc::Slice(head_), kind.tail};
  return {rpc, grpc::ByteBuffer(slices, kind.tail.size() > 0 ? 2 : 1)};
}

}  // namespace ridgeline
