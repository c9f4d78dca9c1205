#include "server/interaction_service.h"

#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/interactions/interaction.h"
#include "server/convert_interaction.h"
#include "server/page_token.h"
#include "server/validation.h"

namespace ridgeline {
namespace {

constexpr char kInteractionList[] = "interactions";

absl::StatusOr<uint64_t> SequenceFromToken(const std::string& token) {
  RIDGELINE_ASSIGN_OR_RETURN(const std::string position, DecodePageToken(kInteractionList, token));
  uint64_t sequence = 0;
  if (!position.empty() && !absl::SimpleAtoi(position, &sequence)) {
    return FieldError("page_token", "is not the next_page_token of an answer of this method");
  }
  return sequence;
}

// A page of at most `page_size` of `logged`, which has one more if there is a next page.
v1::ListInteractionsResponse ToPage(const std::vector<LoggedInteraction>& logged, size_t page_size) {
  v1::ListInteractionsResponse response;
  size_t bytes = 0;
  for (size_t i = 0; i < logged.size(); ++i) {
    v1::Interaction message = ToProto(logged[i]);
    bytes += message.ByteSizeLong();
    if (i > 0 && (i == page_size || bytes > kMaxPageBytes)) {
      response.set_next_page_token(EncodePageToken(kInteractionList, absl::StrCat(logged[i - 1].sequence)));
      break;
    }
    *response.add_interactions() = std::move(message);
  }
  return response;
}

}  // namespace

absl::StatusOr<v1::RecordInteractionsResponse> InteractionService::RecordInteractions(
    const v1::RecordInteractionsRequest& request, const CallInfo& /*call*/) {
  RIDGELINE_ASSIGN_OR_RETURN(const AppendResult appended, recorder_->Record(request.interactions()));
  v1::RecordInteractionsResponse response;
  response.set_recorded_count(appended.recorded);
  response.set_duplicate_count(appended.duplicates);
  response.set_last_sequence(static_cast<int64_t>(appended.last_sequence));
  return response;
}

absl::StatusOr<v1::ListInteractionsResponse> InteractionService::ListInteractions(
    const v1::ListInteractionsRequest& request, const CallInfo& /*call*/) {
  RIDGELINE_RETURN_IF_ERROR(ValidateId("user_id", request.user_id()));
  RIDGELINE_ASSIGN_OR_RETURN(const int64_t page_size,
                             ResolvePageSize(request.page_size(), kMaxInteractionsInMessage));
  RIDGELINE_ASSIGN_OR_RETURN(const uint64_t after, SequenceFromToken(request.page_token()));
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<LoggedInteraction> logged,
                             log_->ReadUser(request.user_id(), after, static_cast<size_t>(page_size) + 1));
  return ToPage(logged, static_cast<size_t>(page_size));
}

absl::StatusOr<v1::DeleteUserResponse> InteractionService::DeleteUser(const v1::DeleteUserRequest& request,
                                                                      const CallInfo& /*call*/) {
  RIDGELINE_RETURN_IF_ERROR(ValidateId("user_id", request.user_id()));
  const absl::StatusOr<int64_t> deleted = log_->DeleteUser(request.user_id());
  recommender_->ForgetUser(request.user_id());
  RIDGELINE_RETURN_IF_ERROR(deleted.status());
  v1::DeleteUserResponse response;
  response.set_deleted_interaction_count(*deleted);
  return response;
}

}  // namespace ridgeline
