#ifndef RIDGELINE_TESTS_SERVER_RAW_CALL_H_
#define RIDGELINE_TESTS_SERVER_RAW_CALL_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include <future>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace ridgeline {

/// How a unary call of `path` ends whose request is `bytes`, a message or not, by who has the API key `key`,
/// "" for none. `response` gets the answer when it is wanted.
inline grpc::Status CallWithBytes(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                                  const std::string& bytes, const std::string& key = "",
                                  grpc::ByteBuffer* response = nullptr) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  if (!key.empty()) context.AddMetadata("authorization", absl::StrCat("Bearer ", key));
  const grpc::Slice slice(bytes);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer unwanted;
  std::promise<grpc::Status> done;
  stub.UnaryCall(&context, path, grpc::StubOptions(), &request, response != nullptr ? response : &unwanted,
                 [&done](grpc::Status status) { done.set_value(std::move(status)); });
  return done.get_future().get();
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_SERVER_RAW_CALL_H_
