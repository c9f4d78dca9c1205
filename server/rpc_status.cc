#include "server/rpc_status.h"

#include <cstddef>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "google/rpc/error_details.pb.h"
#include "server/access/retry_delay.h"

namespace ridgeline {
namespace {

constexpr size_t kMaxErrorMessageBytes = 1024;

struct Violation {
  absl::string_view field;
  absl::string_view description;
};

bool IsPathCharacter(char c) {
  return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_' || c == '.' || c == '[' || c == ']';
}

// Reads "interactions[3].item_id: must not be empty".
absl::optional<Violation> ParseViolation(absl::string_view message) {
  const size_t colon = message.find(": ");
  if (colon == absl::string_view::npos || colon == 0) return absl::nullopt;
  const absl::string_view field = message.substr(0, colon);
  for (const char c : field) {
    if (!IsPathCharacter(c)) return absl::nullopt;
  }
  return Violation{field, message.substr(colon + 2)};
}

// Overload passes within milliseconds; what makes a server unavailable does not.
absl::optional<absl::Duration> UsualRetryDelay(absl::StatusCode code) {
  if (code == absl::StatusCode::kResourceExhausted) return absl::Milliseconds(100);
  if (code == absl::StatusCode::kUnavailable) return absl::Seconds(1);
  return absl::nullopt;
}

// An error travels in the call's trailers, which clients take only up to some KiB: a message that repeats
// what the caller sent is cut, between characters.
absl::string_view Shorten(absl::string_view message) {
  if (message.size() <= kMaxErrorMessageBytes) return message;
  size_t end = kMaxErrorMessageBytes;
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xc0) == 0x80) --end;
  return message.substr(0, end);
}

void AddErrorInfo(absl::StatusCode code, google::rpc::Status* status) {
  google::rpc::ErrorInfo info;
  info.set_reason(absl::StatusCodeToString(code));
  info.set_domain("ridgeline");
  status->add_details()->PackFrom(info);
}

void AddBadRequest(absl::string_view message, google::rpc::Status* status) {
  const absl::optional<Violation> violation = ParseViolation(message);
  if (!violation.has_value()) return;
  google::rpc::BadRequest bad_request;
  auto* field_violation = bad_request.add_field_violations();
  field_violation->set_field(std::string(violation->field));
  field_violation->set_description(std::string(violation->description));
  status->add_details()->PackFrom(bad_request);
}

// The delay that `status` asks for, or the usual one of its code.
void AddRetryInfo(const absl::Status& status, google::rpc::Status* rpc_status) {
  const absl::optional<absl::Cord> given = status.GetPayload(kRetryInfoUrl);
  const absl::optional<absl::Duration> usual = UsualRetryDelay(status.code());
  if (!given.has_value() && !usual.has_value()) return;
  auto* detail = rpc_status->add_details();
  detail->set_type_url(kRetryInfoUrl);
  detail->set_value(given.has_value() ? std::string(*given) : PackRetryDelay(*usual));
}

}  // namespace

google::rpc::Status ToRpcStatus(const absl::Status& status) {
  google::rpc::Status rpc_status;
  if (status.ok()) return rpc_status;
  rpc_status.set_code(status.raw_code());
  const absl::string_view message = Shorten(status.message());
  rpc_status.set_message(std::string(message));
  AddErrorInfo(status.code(), &rpc_status);
  if (absl::IsInvalidArgument(status)) AddBadRequest(message, &rpc_status);
  AddRetryInfo(status, &rpc_status);
  return rpc_status;
}

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  // gRPC numbers its codes as Abseil does.
  const google::rpc::Status rpc_status = ToRpcStatus(status);
  return grpc::Status(static_cast<grpc::StatusCode>(status.raw_code()), rpc_status.message(),
                      rpc_status.SerializeAsString());
}

}  // namespace ridgeline
