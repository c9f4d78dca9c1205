#include <google/protobuf/stubs/logging.h>
#include <grpcpp/support/byte_buffer.h>

#include <string>
#include <vector>

#include "server/rpc_codec.h"
#include "tests/fuzz/byte_parts.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_cutter.h"
#include "tests/fuzz/message_filler.h"
#include "tests/fuzz/rpc_methods.h"

namespace ridgeline {
namespace {

// Any bytes as the request of any method: a message of UTF-8 texts that is the same written and read again,
// or an error that says what is wrong, for the bytes that Protocol Buffers do not take and no others.
RIDGELINE_FUZZ_TARGET(rpc_codec) {
  static const auto& methods = *new auto(RpcMethods());
  google::protobuf::SetLogHandler(nullptr);
  InputCutter cutter(input);
  const auto* method = methods[cutter.TakeBelow(static_cast<int>(methods.size()))];
  const size_t cut = cutter.TakeNumber<uint8_t>();
  const auto message = NewMessage(method->input_type());
  const absl::Status parsed = ParseMessage(InParts(cutter.rest(), cut), message.get());
  RequireExplained(parsed);
  const auto expected = NewMessage(method->input_type());
  Require(parsed.ok() == expected->ParseFromString(std::string(cutter.rest())),
          "what is a message is taken as one");
  if (!parsed.ok()) {
    Require(absl::IsInvalidArgument(parsed), "bytes that are no message are the caller's fault");
    return;
  }
  Require(HasOnlyUtf8(*message), "texts of a message are UTF-8");
  grpc::ByteBuffer written;
  Require(SerializeMessage(*message, &written).ok(), "a message that was read can be written");
  const auto again = NewMessage(method->input_type());
  Require(
      ParseMessage(written, again.get()).ok() && again->SerializeAsString() == message->SerializeAsString(),
      "a message is the same, written and read again");
}

}  // namespace
}  // namespace ridgeline
