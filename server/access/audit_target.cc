#include "server/access/audit_target.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"

namespace ridgeline {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;
using OrderedJson = nlohmann::ordered_json;

OrderedJson ValueOf(const Message& message, const FieldDescriptor* field) {
  const auto* reflection = message.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text = reflection->GetString(message, field);
      return text.substr(0, kMaxAuditedText);
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->GetBool(message, field);
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection->GetInt32(message, field);
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection->GetInt64(message, field);
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection->GetUInt32(message, field);
    case FieldDescriptor::CPPTYPE_UINT64:
      return reflection->GetUInt64(message, field);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return reflection->GetFloat(message, field);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection->GetDouble(message, field);
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection->GetEnum(message, field)->name();
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
  }
  return nullptr;
}

const MethodDescriptor* MethodOf(absl::string_view path) {
  const std::string name = absl::StrReplaceAll(path.substr(std::min<size_t>(1, path.size())), {{"/", "."}});
  return DescriptorPool::generated_pool()->FindMethodByName(name);
}

std::unique_ptr<Message> Parse(const Descriptor* type, const grpc::ByteBuffer& bytes) {
  std::unique_ptr<Message> message(MessageFactory::generated_factory()->GetPrototype(type)->New());
  std::vector<grpc::Slice> slices;
  std::string flat;
  if (!bytes.Valid() || !bytes.Dump(&slices).ok()) return nullptr;
  for (const grpc::Slice& slice : slices) {
    flat.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return message->ParseFromString(flat) ? std::move(message) : nullptr;
}

}  // namespace

OrderedJson AuditedFields(const Message& message) {
  OrderedJson fields = OrderedJson::object();
  std::vector<const FieldDescriptor*> set;
  message.GetReflection()->ListFields(message, &set);
  for (const FieldDescriptor* field : set) {
    if (field->is_repeated()) {
      fields[field->name()] = message.GetReflection()->FieldSize(message, field);
    } else if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      fields[field->name()] = ValueOf(message, field);
    }
  }
  return fields;
}

OrderedJson AuditedRequest(absl::string_view path, const grpc::ByteBuffer& bytes) {
  const MethodDescriptor* method = MethodOf(path);
  const auto message = method == nullptr ? nullptr : Parse(method->input_type(), bytes);
  return message == nullptr ? OrderedJson::object() : AuditedFields(*message);
}

OrderedJson AuditedSize(const grpc::ByteBuffer& bytes) {
  OrderedJson size = OrderedJson::object();
  size["bytes"] = bytes.Length();
  return size;
}

OrderedJson AuditedResponse(absl::string_view path, const grpc::ByteBuffer& bytes) {
  const MethodDescriptor* method = MethodOf(path);
  const auto message = method == nullptr ? nullptr : Parse(method->output_type(), bytes);
  OrderedJson fields = message == nullptr ? OrderedJson::object() : AuditedFields(*message);
  if (method == nullptr || absl::EndsWith(method->output_type()->name(), "Response")) return fields;
  OrderedJson names = OrderedJson::object();
  for (const char* name : {"id", "version"}) {
    if (fields.contains(name)) names[name] = fields[name];
  }
  return names;
}

}  // namespace ridgeline
