#include "client/status_conversion.h"

#include "absl/strings/cord.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "tests/client/grpc_error.h"

namespace ridgeline {
namespace {

google::rpc::BadRequest TwoViolations() {
  google::rpc::BadRequest bad_request;
  auto* first = bad_request.add_field_violations();
  first->set_field("k");
  first->set_description("must be between 1 and 10000, got 0");
  auto* second = bad_request.add_field_violations();
  second->set_field("boosts[2].multiply");
  second->set_description("must be finite");
  return bad_request;
}

TEST(StatusConversion, KeepsEveryCodeAndTheMessage) {
  EXPECT_TRUE(FromGrpcStatus(grpc::Status::OK).ok());
  for (int code = 1; code <= 16; ++code) {
    const absl::Status status = FromGrpcStatus(grpc::Status(static_cast<grpc::StatusCode>(code), "why"));
    EXPECT_EQ(static_cast<int>(status.code()), code);
    EXPECT_EQ(status.message(), "why");
  }
}

TEST(StatusConversion, AddsViolationsThatTheMessageDoesNotSay) {
  const absl::Status status =
      FromGrpcStatus(ErrorWithDetail(grpc::StatusCode::INVALID_ARGUMENT, "wrong request", TwoViolations()));
  EXPECT_EQ(status.message(),
            "wrong request (k: must be between 1 and 10000, got 0; boosts[2].multiply: must be finite)");
}

TEST(StatusConversion, DoesNotRepeatWhatTheMessageSays) {
  const absl::Status status = FromGrpcStatus(ErrorWithDetail(
      grpc::StatusCode::INVALID_ARGUMENT, "k: must be between 1 and 10000, got 0", TwoViolations()));
  EXPECT_EQ(status.message(), "k: must be between 1 and 10000, got 0 (boosts[2].multiply: must be finite)");
}

TEST(StatusConversion, ViolationsStandInForAnEmptyMessage) {
  const absl::Status status =
      FromGrpcStatus(ErrorWithDetail(grpc::StatusCode::INVALID_ARGUMENT, "", TwoViolations()));
  EXPECT_EQ(status.message(), "k: must be between 1 and 10000, got 0; boosts[2].multiply: must be finite");
}

TEST(StatusConversion, KeepsDetailsAsPayloads) {
  google::rpc::ErrorInfo info;
  info.set_reason("MODEL_NOT_LOADED");
  const absl::Status status =
      FromGrpcStatus(ErrorWithDetail(grpc::StatusCode::FAILED_PRECONDITION, "no model", info));
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  ASSERT_TRUE(payload.has_value());
  google::rpc::ErrorInfo parsed;
  ASSERT_TRUE(parsed.ParseFromString(std::string(*payload)));
  EXPECT_EQ(parsed.reason(), "MODEL_NOT_LOADED");
}

TEST(StatusConversion, IgnoresDetailsThatDoNotParse) {
  const absl::Status status =
      FromGrpcStatus(grpc::Status(grpc::StatusCode::NOT_FOUND, "no such item", "\xff\xff"));
  EXPECT_EQ(status, absl::NotFoundError("no such item"));
}

TEST(RetryDelay, IsZeroUnlessTheServerAsks) {
  EXPECT_EQ(RetryDelay(absl::OkStatus()), absl::ZeroDuration());
  EXPECT_EQ(RetryDelay(absl::UnavailableError("down")), absl::ZeroDuration());
  google::rpc::RetryInfo info;
  info.mutable_retry_delay()->set_nanos(250000000);
  EXPECT_EQ(RetryDelay(FromGrpcStatus(ErrorWithDetail(grpc::StatusCode::UNAVAILABLE, "busy", info))),
            absl::Milliseconds(250));
}

TEST(IsAnswerOfServer, TellsTheServersErrorsFromThoseOfGrpc) {
  google::rpc::ErrorInfo info;
  for (const char* domain : {"ridgeline", "elsewhere"}) {
    info.set_domain(domain);
    google::rpc::Status details;
    details.add_details()->PackFrom(info);
    const grpc::Status status(grpc::StatusCode::UNAVAILABLE, "", details.SerializeAsString());
    EXPECT_EQ(IsAnswerOfServer(FromGrpcStatus(status)), info.domain() == "ridgeline");
  }
  EXPECT_FALSE(IsAnswerOfServer(FromGrpcStatus(grpc::Status(grpc::StatusCode::UNAVAILABLE, "no route"))));
}

}  // namespace
}  // namespace ridgeline
