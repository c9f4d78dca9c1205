#include "server/rpc_status.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

template <class Detail>
bool FindDetail(const google::rpc::Status& status, Detail* detail) {
  for (const auto& any : status.details()) {
    if (any.UnpackTo(detail)) return true;
  }
  return false;
}

TEST(RpcStatus, OkHasNoDetails) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
  EXPECT_EQ(ToRpcStatus(absl::OkStatus()).details_size(), 0);
}

TEST(RpcStatus, EveryCodeKeepsItsNumberAndNamesItself) {
  for (int code = 1; code <= 16; ++code) {
    const absl::Status status(static_cast<absl::StatusCode>(code), "what happened");
    const grpc::Status converted = ToGrpcStatus(status);
    EXPECT_EQ(converted.error_code(), code);
    EXPECT_EQ(converted.error_message(), "what happened");
    google::rpc::Status details;
    ASSERT_TRUE(details.ParseFromString(converted.error_details()));
    google::rpc::ErrorInfo info;
    ASSERT_TRUE(FindDetail(details, &info));
    EXPECT_EQ(info.reason(), absl::StatusCodeToString(status.code()));
    EXPECT_EQ(info.domain(), "ridgeline");
  }
}

TEST(RpcStatus, InvalidArgumentNamesTheField) {
  const auto status =
      ToRpcStatus(absl::InvalidArgumentError("interactions[3].item_id: must not be empty: really"));
  google::rpc::BadRequest bad_request;
  ASSERT_TRUE(FindDetail(status, &bad_request));
  ASSERT_EQ(bad_request.field_violations_size(), 1);
  EXPECT_EQ(bad_request.field_violations(0).field(), "interactions[3].item_id");
  EXPECT_EQ(bad_request.field_violations(0).description(), "must not be empty: really");
}

TEST(RpcStatus, MessagesWithoutAFieldHaveNoViolation) {
  for (const char* message : {"the request is not valid", ": empty", "Some sentence: with a colon", ""}) {
    google::rpc::BadRequest bad_request;
    EXPECT_FALSE(FindDetail(ToRpcStatus(absl::InvalidArgumentError(message)), &bad_request)) << message;
  }
}

TEST(RpcStatus, LongMessagesAreCutBetweenCharacters) {
  std::string message = "k: ";
  while (message.size() < 100'000) message += "\xc3\xa9";
  const grpc::Status status = ToGrpcStatus(absl::InvalidArgumentError(message));
  EXPECT_EQ(status.error_message(), message.substr(0, 1023));
  EXPECT_LT(status.error_details().size(), 4096u);
  google::rpc::Status details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
}

TEST(RpcStatus, OnlyErrorsThatPassSayWhenToRetry) {
  for (int code = 1; code <= 16; ++code) {
    const absl::Status status(static_cast<absl::StatusCode>(code), "no");
    google::rpc::RetryInfo retry;
    EXPECT_EQ(FindDetail(ToRpcStatus(status), &retry),
              absl::IsResourceExhausted(status) || absl::IsUnavailable(status));
  }
  google::rpc::RetryInfo retry;
  ASSERT_TRUE(FindDetail(ToRpcStatus(absl::ResourceExhaustedError("full")), &retry));
  EXPECT_EQ(retry.retry_delay().nanos(), 100'000'000);
  ASSERT_TRUE(FindDetail(ToRpcStatus(absl::UnavailableError("down")), &retry));
  EXPECT_EQ(retry.retry_delay().seconds(), 1);
}

TEST(RpcStatus, AStatusThatKnowsWhenToRetryTellsThatAlone) {
  google::rpc::RetryInfo known;
  known.mutable_retry_delay()->set_seconds(77);
  absl::Status status = absl::ResourceExhaustedError("at its limit");
  status.SetPayload("type.googleapis.com/google.rpc.RetryInfo", absl::Cord(known.SerializeAsString()));
  const google::rpc::Status rpc_status = ToRpcStatus(status);
  google::rpc::RetryInfo retry;
  ASSERT_TRUE(FindDetail(rpc_status, &retry));
  EXPECT_EQ(retry.retry_delay().seconds(), 77);
  EXPECT_EQ(rpc_status.details_size(), 2);  // and the ErrorInfo
}

}  // namespace
}  // namespace ridgeline
