#include "client/status_conversion.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace ridgeline {
namespace {

constexpr char kErrorInfoUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kRetryInfoUrl[] = "type.googleapis.com/google.rpc.RetryInfo";

// "field: description" of every violation that `message` does not contain, separated by "; ".
std::string UnsaidViolations(const google::rpc::Status& details, const std::string& message) {
  std::string unsaid;
  google::rpc::BadRequest bad_request;
  for (const google::protobuf::Any& detail : details.details()) {
    if (!detail.UnpackTo(&bad_request)) continue;
    for (const auto& violation : bad_request.field_violations()) {
      const std::string text = absl::StrCat(violation.field(), ": ", violation.description());
      if (!absl::StrContains(message, text)) absl::StrAppend(&unsaid, unsaid.empty() ? "" : "; ", text);
    }
  }
  return unsaid;
}

std::string MessageOf(const grpc::Status& status, const google::rpc::Status& details) {
  const std::string& said = status.error_message();
  const std::string unsaid = UnsaidViolations(details, said);
  if (unsaid.empty() || said.empty()) return absl::StrCat(said, unsaid);
  return absl::StrCat(said, " (", unsaid, ")");
}

}  // namespace

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  google::rpc::Status details;
  // Details that do not parse are as good as none: the code and the message still say what happened.
  if (!details.ParseFromString(status.error_details())) details.Clear();
  absl::Status converted(static_cast<absl::StatusCode>(status.error_code()), MessageOf(status, details));
  for (const google::protobuf::Any& detail : details.details()) {
    converted.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
  return converted;
}

bool IsAnswerOfServer(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kErrorInfoUrl);
  google::rpc::ErrorInfo info;
  return payload.has_value() && info.ParseFromString(std::string(*payload)) && info.domain() == "ridgeline";
}

absl::Duration RetryDelay(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kRetryInfoUrl);
  google::rpc::RetryInfo info;
  if (!payload.has_value() || !info.ParseFromString(std::string(*payload))) return absl::ZeroDuration();
  return absl::Seconds(info.retry_delay().seconds()) + absl::Nanoseconds(info.retry_delay().nanos());
}

}  // namespace ridgeline
