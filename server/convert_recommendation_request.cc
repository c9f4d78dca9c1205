#include "server/convert_recommendation_request.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "server/convert_item.h"
#include "server/validation.h"

namespace ridgeline {
namespace {

constexpr int64_t kDefaultK = 10;
constexpr int kDefaultExplanationParts = 5;
constexpr int64_t kMaxParts = 100'000;  // of Explain: as many as a history has entries
constexpr int64_t kMaxFactors = 4'096;  // of any model

absl::StatusOr<Subject> HistoryFromProto(const v1::History& history) {
  RIDGELINE_RETURN_IF_ERROR(CheckCount("history.entries", history.entries_size(), 0, kMaxIdsInRequest));
  HistorySubject subject;
  subject.entries.reserve(history.entries_size());
  for (const v1::HistoryEntry& entry : history.entries()) {
    HistorySubject::Entry& added = subject.entries.emplace_back();
    added.item_id = entry.item_id();
    if (entry.has_value()) added.value = entry.value();
  }
  return subject;
}

absl::StatusOr<Subject> VectorFromProto(const v1::UserVector& vector) {
  RIDGELINE_RETURN_IF_ERROR(CheckCount("vector.factors", vector.factors_size(), 0, kMaxFactors));
  VectorSubject subject;
  subject.vector.factors.assign(vector.factors().begin(), vector.factors().end());
  subject.vector.bias = vector.bias();
  return subject;
}

// Of a request whose subject may be a user, a history or a vector.
template <class Request>
absl::StatusOr<Subject> SubjectFromProto(const Request& request) {
  if (request.has_user_id()) return UserSubject{request.user_id()};
  if (request.has_history()) return HistoryFromProto(request.history());
  if (request.has_vector()) return VectorFromProto(request.vector());
  return FieldError("subject", "one of user_id, history and vector is required");
}

std::vector<absl::string_view> ToViews(const google::protobuf::RepeatedPtrField<std::string>& strings) {
  return std::vector<absl::string_view>(strings.begin(), strings.end());
}

absl::Status CheckListLengths(const v1::ItemFilter& filter) {
  RIDGELINE_RETURN_IF_ERROR(
      CheckCount("filter.exclude_item_ids", filter.exclude_item_ids_size(), 0, kMaxFilterIds));
  RIDGELINE_RETURN_IF_ERROR(
      CheckCount("filter.candidate_item_ids", filter.candidate_item_ids_size(), 0, kMaxFilterIds));
  const v1::TagFilter& tags = filter.tags();
  RIDGELINE_RETURN_IF_ERROR(CheckCount("filter.tags.any", tags.any_size(), 0, kMaxFilterTags));
  RIDGELINE_RETURN_IF_ERROR(CheckCount("filter.tags.all", tags.all_size(), 0, kMaxFilterTags));
  return CheckCount("filter.tags.none", tags.none_size(), 0, kMaxFilterTags);
}

absl::StatusOr<ItemSelection> SelectionFromProto(const v1::ItemFilter& filter) {
  RIDGELINE_RETURN_IF_ERROR(CheckListLengths(filter));
  ItemSelection selection;
  selection.exclude_item_ids = ToViews(filter.exclude_item_ids());
  selection.candidate_item_ids = ToViews(filter.candidate_item_ids());
  selection.tags = FromProto(filter.tags());
  selection.include_unavailable = filter.include_unavailable();
  return selection;
}

absl::StatusOr<std::vector<Boost>> BoostsFromProto(
    const google::protobuf::RepeatedPtrField<v1::Boost>& messages) {
  RIDGELINE_RETURN_IF_ERROR(CheckCount("boosts", messages.size(), 0, kMaxBoosts));
  std::vector<Boost> boosts;
  boosts.reserve(messages.size());
  for (const v1::Boost& message : messages) {
    Boost& boost = boosts.emplace_back();
    boost.tag = message.tag();
    boost.item_id = message.item_id();
    if (message.has_multiply()) boost.multiply = message.multiply();
    if (message.has_add()) boost.add = message.add();
    if (!message.has_multiply() && !message.has_add()) {
      return FieldError(absl::StrCat("boosts[", boosts.size() - 1, "].effect"),
                        "one of multiply and add is required");
    }
  }
  return boosts;
}

absl::StatusOr<std::vector<TagCap>> TagCapsFromProto(
    const google::protobuf::RepeatedPtrField<v1::TagCap>& messages) {
  RIDGELINE_RETURN_IF_ERROR(CheckCount("tag_caps", messages.size(), 0, kMaxTagCaps));
  std::vector<TagCap> caps;
  caps.reserve(messages.size());
  for (const v1::TagCap& message : messages) {
    if (message.target_case() == v1::TagCap::TARGET_NOT_SET) {
      return FieldError(absl::StrCat("tag_caps[", caps.size(), "].target"),
                        "one of tag and tag_prefix is required");
    }
    const bool is_prefix = message.has_tag_prefix();
    caps.push_back({is_prefix ? message.tag_prefix() : message.tag(), is_prefix, message.max_count()});
  }
  return caps;
}

absl::StatusOr<int> ExplainPartsFromProto(const v1::RecommendRequest& request) {
  const int parts =
      request.has_max_explanation_parts() ? request.max_explanation_parts() : kDefaultExplanationParts;
  RIDGELINE_RETURN_IF_ERROR(CheckRange("max_explanation_parts", parts, 1, kMaxExplanationParts));
  return request.explain() ? parts : 0;
}

}  // namespace

absl::StatusOr<RecommendQuery> FromProto(const v1::RecommendRequest& request) {
  RecommendQuery query;
  RIDGELINE_ASSIGN_OR_RETURN(query.subject, SubjectFromProto(request));
  query.k = request.has_k() ? request.k() : kDefaultK;
  query.include_seen = request.include_seen();
  RIDGELINE_ASSIGN_OR_RETURN(query.selection, SelectionFromProto(request.filter()));
  RIDGELINE_ASSIGN_OR_RETURN(query.boosts, BoostsFromProto(request.boosts()));
  RIDGELINE_ASSIGN_OR_RETURN(query.tag_caps, TagCapsFromProto(request.tag_caps()));
  query.diversity = request.diversity();
  if (request.has_minimum_score()) query.minimum_score = request.minimum_score();
  query.exploration = {request.exploration().scale(), request.exploration().seed()};
  RIDGELINE_ASSIGN_OR_RETURN(query.explain_parts, ExplainPartsFromProto(request));
  query.page_token = request.page_token();
  return query;
}

absl::StatusOr<SimilarQuery> FromProto(const v1::SimilarItemsRequest& request) {
  SimilarQuery query;
  query.id = request.item_id();
  query.k = request.has_k() ? request.k() : kDefaultK;
  RIDGELINE_ASSIGN_OR_RETURN(query.selection, SelectionFromProto(request.filter()));
  return query;
}

SimilarQuery FromProto(const v1::SimilarUsersRequest& request) {
  SimilarQuery query;
  query.id = request.user_id();
  query.k = request.has_k() ? request.k() : kDefaultK;
  return query;
}

absl::StatusOr<ScoreItemsQuery> FromProto(const v1::ScoreItemsRequest& request) {
  ScoreItemsQuery query;
  RIDGELINE_ASSIGN_OR_RETURN(query.subject, SubjectFromProto(request));
  RIDGELINE_RETURN_IF_ERROR(CheckCount("item_ids", request.item_ids_size(), 1, kMaxScoredItems));
  query.item_ids.assign(request.item_ids().begin(), request.item_ids().end());
  return query;
}

absl::StatusOr<ExplainQuery> FromProto(const v1::ExplainRequest& request) {
  ExplainQuery query;
  if (request.has_user_id()) {
    query.subject = UserSubject{request.user_id()};
  } else if (request.has_history()) {
    RIDGELINE_ASSIGN_OR_RETURN(query.subject, HistoryFromProto(request.history()));
  } else {
    return FieldError("subject", "one of user_id and history is required");
  }
  query.item_id = request.item_id();
  const int64_t max_parts = request.has_max_parts() ? request.max_parts() : kMaxParts;
  RIDGELINE_RETURN_IF_ERROR(CheckRange("max_parts", max_parts, 1, kMaxParts));
  query.max_parts = static_cast<size_t>(max_parts);
  return query;
}

}  // namespace ridgeline
