#include "server/unknown_methods.h"

#include <grpcpp/channel.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/access/test_keys.h"
#include "tests/server/raw_call.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

class UnknownMethodsTest : public testing::Test {
 protected:
  UnknownMethodsTest() {
    grpc::ServerBuilder builder;
    builder.RegisterCallbackGenericService(&unknown_);
    server_ = builder.BuildAndStart();
  }
  ~UnknownMethodsTest() override { server_->Shutdown(std::chrono::system_clock::now()); }

  grpc::StatusCode Call(const std::string& path, const std::string& key) {
    return CallWithBytes(server_->InProcessChannel(grpc::ChannelArguments()), path, "x", key).error_code();
  }

  const TempDir dir_;
  const SystemClock clock_;
  Logger logger_{LogLevel::kError, &clock_};
  Metrics metrics_{"1"};
  const std::unique_ptr<AccessControl> access_ = *AccessControl::Open(dir_.Write("keys", OneKeyARole()));
  UnknownMethods unknown_{RpcEnvironment{&metrics_, &logger_, &clock_, access_.get(), nullptr, ""}};
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(UnknownMethodsTest, AreForNobody) {
  EXPECT_EQ(Call("/ridgeline.v1.ModelService/Nothing", ""), grpc::UNAUTHENTICATED);
  EXPECT_EQ(Call("/ridgeline.v1.ModelService/Nothing", KeyOf(Role::kAdmin)), grpc::PERMISSION_DENIED);
  EXPECT_EQ(Call("/a/b", KeyOf(Role::kReader)), grpc::PERMISSION_DENIED);
}

TEST_F(UnknownMethodsTest, AreCountedTogether) {
  Call("/a/b", "");
  Call("/a/c", "");
  EXPECT_THAT(metrics_.Serialize(), HasSubstr("{code=\"UNAUTHENTICATED\",method=\"unknown\"} 2\n"));
  EXPECT_THAT(metrics_.Serialize(), HasSubstr("ridgeline_rpc_in_flight 0\n"));
}

}  // namespace
}  // namespace ridgeline
