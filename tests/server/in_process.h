#ifndef RIDGELINE_TESTS_SERVER_IN_PROCESS_H_
#define RIDGELINE_TESTS_SERVER_IN_PROCESS_H_

#include <grpcpp/channel.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <memory>

#include "gtest/gtest.h"

namespace ridgeline {

/// A gRPC server of one service, reached without a network. The service must outlive it.
class InProcessServer {
 public:
  explicit InProcessServer(grpc::Service* service) {
    grpc::ServerBuilder builder;
    builder.RegisterService(service);
    server_ = builder.BuildAndStart();
    EXPECT_NE(server_, nullptr);
  }
  ~InProcessServer() { server_->Shutdown(std::chrono::system_clock::now()); }

  std::shared_ptr<grpc::Channel> channel() { return server_->InProcessChannel(grpc::ChannelArguments()); }

 private:
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_SERVER_IN_PROCESS_H_
