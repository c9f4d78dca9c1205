#include <google/protobuf/stubs/logging.h>
#include <grpcpp/support/status.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/status_conversion.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_cutter.h"

namespace ridgeline {
namespace {

// Each field that a server complains of is named to the caller.
void CheckViolations(const std::string& details, const absl::Status& error) {
  google::rpc::Status parsed;
  if (!parsed.ParseFromString(details)) return;
  for (const google::protobuf::Any& detail : parsed.details()) {
    google::rpc::BadRequest bad_request;
    if (!detail.UnpackTo(&bad_request)) continue;
    for (const auto& violation : bad_request.field_violations()) {
      Require(
          absl::StrContains(error.message(), absl::StrCat(violation.field(), ": ", violation.description())),
          "a violation is said");
    }
  }
}

// How a call ended, whatever came with it: an error with the code and the message of the server.
RIDGELINE_FUZZ_TARGET(server_error) {
  google::protobuf::SetLogHandler(nullptr);
  InputCutter cutter(input);
  const int code = 1 + cutter.TakeBelow(16);
  const std::string message(cutter.TakeText(64));
  const std::string details(cutter.rest());
  const absl::Status error =
      FromGrpcStatus(grpc::Status(static_cast<grpc::StatusCode>(code), message, details));
  Require(static_cast<int>(error.code()) == code, "an error keeps its code");
  Require(absl::StartsWith(error.message(), message), "an error keeps its message");
  CheckViolations(details, error);
  Require(RetryDelay(error) == absl::ZeroDuration() || absl::StrContains(details, "google.rpc.RetryInfo"),
          "nobody waits who was not asked to");
  Require(!IsAnswerOfServer(error) || absl::StrContains(details, "ridgeline"),
          "what is no answer of the server is not taken for one");
}

}  // namespace
}  // namespace ridgeline
