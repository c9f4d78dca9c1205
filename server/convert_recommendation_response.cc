#include "server/convert_recommendation_response.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ridgeline {
namespace {

void SetParts(std::vector<ExplanationPart> parts,
              google::protobuf::RepeatedPtrField<v1::ExplanationPart>* messages) {
  messages->Reserve(static_cast<int>(parts.size()));
  for (ExplanationPart& part : parts) {
    v1::ExplanationPart* message = messages->Add();
    message->set_item_id(std::move(part.item_id));
    message->set_title(std::move(part.title));
    message->set_contribution(part.contribution);
  }
}

void SetUnknownIds(std::vector<std::string> ids, google::protobuf::RepeatedPtrField<std::string>* listed) {
  if (ids.size() > kMaxUnknownIdsListed) ids.resize(kMaxUnknownIdsListed);
  for (std::string& id : ids) listed->Add(std::move(id));
}

}  // namespace

v1::Source ToProto(RecommendationSource source) {
  switch (source) {
    case RecommendationSource::kModel:
      return v1::SOURCE_MODEL;
    case RecommendationSource::kFoldIn:
    case RecommendationSource::kVector:
      return v1::SOURCE_FOLD_IN;
    case RecommendationSource::kPopular:
      return v1::SOURCE_POPULAR;
  }
  return v1::SOURCE_UNSPECIFIED;
}

v1::RecommendResponse ToProto(RecommendResult result) {
  v1::RecommendResponse response;
  response.mutable_recommendations()->Reserve(static_cast<int>(result.recommendations.size()));
  for (Recommendation& recommendation : result.recommendations) {
    v1::Recommendation* message = response.add_recommendations();
    message->set_item_id(std::move(recommendation.item_id));
    message->set_title(std::move(recommendation.title));
    message->set_score(recommendation.score);
    message->set_rank(static_cast<int32_t>(recommendation.rank));
    SetParts(std::move(recommendation.parts), message->mutable_parts());
  }
  response.set_source(ToProto(result.source));
  response.set_model_version(std::move(result.model_version));
  response.set_next_page_token(std::move(result.next_page_token));
  response.set_explored(result.explored);
  response.set_unknown_item_count(static_cast<int32_t>(result.unknown_item_ids.size()));
  SetUnknownIds(std::move(result.unknown_item_ids), response.mutable_unknown_item_ids());
  return response;
}

v1::SimilarItemsResponse ToSimilarItems(SimilarResult result) {
  v1::SimilarItemsResponse response;
  for (Similar& similar : result.similar) {
    v1::SimilarItem* message = response.add_items();
    message->set_item_id(std::move(similar.id));
    message->set_title(std::move(similar.title));
    message->set_similarity(similar.cosine);
  }
  response.set_model_version(std::move(result.model_version));
  SetUnknownIds(std::move(result.unknown_item_ids), response.mutable_unknown_item_ids());
  return response;
}

v1::SimilarUsersResponse ToSimilarUsers(SimilarResult result) {
  v1::SimilarUsersResponse response;
  for (Similar& similar : result.similar) {
    v1::SimilarUser* message = response.add_users();
    message->set_user_id(std::move(similar.id));
    message->set_similarity(similar.cosine);
  }
  response.set_source(ToProto(result.source));
  response.set_model_version(std::move(result.model_version));
  return response;
}

v1::ScoreItemsResponse ToProto(ScoreItemsResult result) {
  v1::ScoreItemsResponse response;
  for (ItemScore& score : result.scores) {
    v1::ItemScore* message = response.add_scores();
    message->set_item_id(std::move(score.item_id));
    if (score.known) message->set_score(score.score);
  }
  response.set_source(ToProto(result.source));
  response.set_model_version(std::move(result.model_version));
  SetUnknownIds(std::move(result.unknown_item_ids), response.mutable_unknown_item_ids());
  return response;
}

v1::ExplainResponse ToProto(ExplainResult result, size_t max_parts) {
  if (result.parts.size() > max_parts) result.parts.resize(max_parts);
  double shown = result.global_mean + result.user_bias + result.item_bias;
  for (const ExplanationPart& part : result.parts) shown += part.contribution;
  v1::ExplainResponse response;
  response.set_score(result.score);
  response.set_global_mean(result.global_mean);
  response.set_user_bias(result.user_bias);
  response.set_item_bias(result.item_bias);
  SetParts(std::move(result.parts), response.mutable_parts());
  response.set_other_contribution(static_cast<float>(result.score - shown));
  response.set_source(ToProto(result.source));
  response.set_model_version(std::move(result.model_version));
  SetUnknownIds(std::move(result.unknown_item_ids), response.mutable_unknown_item_ids());
  return response;
}

}  // namespace ridgeline
