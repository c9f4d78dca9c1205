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
#include "core/base/status_macros.h"

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

// The smallest request whose fields are counted before it is parsed: those below cannot take much memory.
constexpr size_t kCountedBytes = 1 << 20;

bool IsMessage(const FieldDescriptor* field, uint32_t tag) {
  return field != nullptr && field->type() == FieldDescriptor::TYPE_MESSAGE &&
         WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
}

// Counts the fields of a message on the wire, those of its parts included: an empty part takes two bytes
// there and a hundred once it is parsed.
class FieldCounter {
 public:
  explicit FieldCounter(CodedInputStream* input) : input_(input) {}

  // Counts a message of type `descriptor` that ends at the stream's present limit. Stops where the bytes make
  // no sense, which parsing finds too, and where there are too many.
  void Count(const Descriptor* descriptor, int depth = 0) {
    while (const uint32_t tag = input_->ReadTag()) {
      if (++fields_ > kMaxRequestFields) return;
      const FieldDescriptor* field = descriptor->FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
      const bool understood = IsMessage(field, tag) ? CountInside(field->message_type(), depth)
                                                    : WireFormatLite::SkipField(input_, tag);
      if (!understood) return;
    }
  }

  int64_t fields() const { return fields_; }

 private:
  bool CountInside(const Descriptor* descriptor, int depth) {
    uint32_t length = 0;
    if (depth >= kMaxDepth || !input_->ReadVarint32(&length)) return false;
    const CodedInputStream::Limit limit = input_->PushLimit(static_cast<int>(length));
    Count(descriptor, depth + 1);
    const bool is_whole = input_->BytesUntilLimit() == 0;
    input_->PopLimit(limit);
    return is_whole;
  }

  CodedInputStream* const input_;
  int64_t fields_ = 0;
};

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

absl::Status CheckFieldCount(const grpc::ByteBuffer& bytes, const google::protobuf::Descriptor* descriptor) {
  if (bytes.Length() < kCountedBytes) return absl::OkStatus();
  grpc::ByteBuffer view = bytes;  // shares the bytes
  grpc::ProtoBufferReader reader(&view);
  CodedInputStream input(&reader);
  FieldCounter counter(&input);
  counter.Count(descriptor);
  if (counter.fields() <= kMaxRequestFields) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the request has more than ", kMaxRequestFields, " fields, those of its parts included"));
}

absl::Status ParseMessage(const grpc::ByteBuffer& bytes, google::protobuf::Message* message) {
  RIDGELINE_RETURN_IF_ERROR(CheckFieldCount(bytes, message->GetDescriptor()));
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
