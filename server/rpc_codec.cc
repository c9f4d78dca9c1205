#include "server/rpc_codec.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/proto_buffer_writer.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

namespace ridgeline {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// Our schemas nest far less; messages from outside may claim more.
constexpr int kMaxDepth = 32;

// What Protocol Buffers can carry.
constexpr size_t kMaxAnswerBytes = INT32_MAX;

// Memory for answers is taken in blocks of at most this size.
constexpr int kBlockBytes = 1 << 20;

// Walks a message that could not be parsed, to find the string that is to blame.
class BadStringFinder {
 public:
  explicit BadStringFinder(CodedInputStream* input) : input_(input) {}

  // The path of the first string that is not UTF-8, from a message of type `descriptor` that ends at the
  // stream's present limit; nothing when there is none before the bytes make no sense.
  absl::optional<std::string> Find(const Descriptor* descriptor, int depth = 0) {
    absl::flat_hash_map<int, int> counts;  // of the fields seen, by number
    while (const uint32_t tag = input_->ReadTag()) {
      const int number = WireFormatLite::GetTagFieldNumber(tag);
      const FieldDescriptor* field = descriptor->FindFieldByNumber(number);
      const int index = counts[number]++;
      if (field == nullptr || !HoldsBytes(*field, tag)) {
        if (!WireFormatLite::SkipField(input_, tag)) return absl::nullopt;
        continue;
      }
      absl::optional<std::string> inner = FindInside(*field, depth);
      if (inner.has_value()) return StepTo(*field, index) + *inner;
      if (broken_) return absl::nullopt;
    }
    return absl::nullopt;
  }

 private:
  static bool HoldsBytes(const FieldDescriptor& field, uint32_t tag) {
    return WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED &&
           (field.type() == FieldDescriptor::TYPE_STRING || field.type() == FieldDescriptor::TYPE_MESSAGE);
  }

  static std::string StepTo(const FieldDescriptor& field, int index) {
    return field.is_repeated() ? absl::StrCat(field.name(), "[", index, "]") : field.name();
  }

  // The rest of the path inside a field's value: "" when the value itself is the bad string.
  absl::optional<std::string> FindInside(const FieldDescriptor& field, int depth) {
    uint32_t length = 0;
    broken_ = !input_->ReadVarint32(&length) || depth >= kMaxDepth;
    if (broken_) return absl::nullopt;
    if (field.type() == FieldDescriptor::TYPE_STRING) return CheckString(length);
    const CodedInputStream::Limit limit = input_->PushLimit(static_cast<int>(length));
    absl::optional<std::string> inner = Find(field.message_type(), depth + 1);
    input_->Skip(input_->BytesUntilLimit());
    input_->PopLimit(limit);
    if (inner.has_value()) return "." + *inner;
    return absl::nullopt;
  }

  absl::optional<std::string> CheckString(uint32_t length) {
    std::string value;
    broken_ = !input_->ReadString(&value, static_cast<int>(length));
    if (broken_) return absl::nullopt;
    const bool good = WireFormatLite::VerifyUtf8String(value.data(), static_cast<int>(value.size()),
                                                       WireFormatLite::SERIALIZE, nullptr);
    return good ? absl::nullopt : absl::make_optional(std::string());
  }

  CodedInputStream* const input_;
  bool broken_ = false;
};

absl::Status DescribeFailure(grpc::ByteBuffer* bytes, const Descriptor* descriptor) {
  grpc::ProtoBufferReader reader(bytes);
  CodedInputStream input(&reader);
  const absl::optional<std::string> path = BadStringFinder(&input).Find(descriptor);
  if (path.has_value()) return absl::InvalidArgumentError(absl::StrCat(*path, ": must be UTF-8"));
  return absl::InvalidArgumentError(absl::StrCat("the request is not a valid ", descriptor->full_name()));
}

}  // namespace

absl::Status ParseMessage(const grpc::ByteBuffer& bytes, google::protobuf::Message* message) {
  grpc::ByteBuffer view = bytes;  // shares the bytes
  {
    grpc::ProtoBufferReader reader(&view);
    if (reader.status().ok() && message->ParseFromZeroCopyStream(&reader)) return absl::OkStatus();
  }
  return DescribeFailure(&view, message->GetDescriptor());
}

absl::Status SerializeMessage(const google::protobuf::Message& message, grpc::ByteBuffer* bytes) {
  const size_t size = message.ByteSizeLong();
  if (size > kMaxAnswerBytes) return absl::InternalError(absl::StrCat("an answer of ", size, " bytes"));
  bytes->Clear();
  grpc::ProtoBufferWriter writer(bytes, kBlockBytes, static_cast<int>(size));
  if (!message.SerializeToZeroCopyStream(&writer))
    return absl::InternalError("the answer cannot be serialized");
  return absl::OkStatus();
}

}  // namespace ridgeline
