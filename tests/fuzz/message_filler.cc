#include "tests/fuzz/message_filler.h"

#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>

#include "core/base/utf8.h"

namespace ridgeline {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kMaxDepth = 6;
constexpr size_t kMaxLearntBytes = 400;

template <typename Real>
constexpr Real kReals[] = {0,
                           1,
                           -1,
                           Real(0.5),
                           std::numeric_limits<Real>::quiet_NaN(),
                           std::numeric_limits<Real>::infinity(),
                           -std::numeric_limits<Real>::infinity(),
                           std::numeric_limits<Real>::max(),
                           std::numeric_limits<Real>::lowest(),
                           std::numeric_limits<Real>::denorm_min(),
                           Real(1e30),
                           Real(-0.0)};

// Calls `visit` with every text in `message`.
void VisitTexts(const Message& message, const std::function<void(const std::string&)>& visit) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const bool is_message = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!is_message && field->type() != FieldDescriptor::TYPE_STRING) continue;
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (is_message) {
        VisitTexts(field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                        : reflection.GetMessage(message, field),
                   visit);
      } else {
        visit(field->is_repeated() ? reflection.GetRepeatedString(message, field, i)
                                   : reflection.GetString(message, field));
      }
    }
  }
}

}  // namespace

template <typename Integer>
Integer MessageFiller::TakeInteger() {
  const Integer kIntegers[] = {0,
                               1,
                               2,
                               10,
                               100,
                               static_cast<Integer>(-1),
                               std::numeric_limits<Integer>::max(),
                               std::numeric_limits<Integer>::min()};
  const uint8_t choice = cutter_->TakeBelow(12);
  return choice < std::size(kIntegers) ? kIntegers[choice] : cutter_->TakeNumber<Integer>();
}

template <typename Real>
Real MessageFiller::TakeReal() {
  const uint8_t choice = cutter_->TakeBelow(16);
  return choice < std::size(kReals<Real>) ? kReals<Real>[choice] : cutter_->TakeNumber<Real>();
}

int MessageFiller::TakeCount() {
  const uint8_t choice = cutter_->TakeNumber<uint8_t>();
  return choice < 250 ? choice % 4 : 300;
}

std::string MessageFiller::TakeText() {
  const uint8_t choice = cutter_->TakeNumber<uint8_t>();
  std::string text;
  if (choice < 160) {
    if (!known_->empty()) text = (*known_)[choice % known_->size()];
  } else if (choice < 170) {
    text = std::string(257, 'x');  // an id longer than any
  } else if (choice < 230) {
    text = std::string(cutter_->TakeText(64));
  } else if (choice < 240) {
    text = "\xc0\x80 is not UTF-8";
  }
  return text;
}

void MessageFiller::Fill(Message* message, int depth) {
  const google::protobuf::Descriptor* type = message->GetDescriptor();
  for (int i = 0; i < type->field_count() && left_ > 0; ++i) FillField(type->field(i), message, depth);
}

void MessageFiller::FillField(const FieldDescriptor* field, Message* message, int depth) {
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && depth == kMaxDepth) return;
  if (!field->is_repeated()) {
    if (cutter_->TakeBool()) Set(field, message, depth);
    return;
  }
  for (int count = TakeCount(); count > 0 && left_ > 0; --count) Add(field, message, depth);
}

void MessageFiller::Set(const FieldDescriptor* field, Message* message, int depth) {
  --left_;
  const Reflection& reflection = *message->GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.SetInt32(message, field, TakeInteger<int32_t>());
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.SetInt64(message, field, TakeInteger<int64_t>());
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection.SetUInt32(message, field, TakeInteger<uint32_t>());
    case FieldDescriptor::CPPTYPE_UINT64:
      return reflection.SetUInt64(message, field, TakeInteger<uint64_t>());
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.SetDouble(message, field, TakeReal<double>());
    case FieldDescriptor::CPPTYPE_FLOAT:
      return reflection.SetFloat(message, field, TakeReal<float>());
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.SetBool(message, field, cutter_->TakeBool());
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.SetEnumValue(message, field, TakeInteger<int8_t>());
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.SetString(message, field, TakeText());
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Fill(reflection.MutableMessage(message, field), depth + 1);
  }
}

void MessageFiller::Add(const FieldDescriptor* field, Message* message, int depth) {
  --left_;
  const Reflection& reflection = *message->GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.AddInt32(message, field, TakeInteger<int32_t>());
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.AddInt64(message, field, TakeInteger<int64_t>());
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection.AddUInt32(message, field, TakeInteger<uint32_t>());
    case FieldDescriptor::CPPTYPE_UINT64:
      return reflection.AddUInt64(message, field, TakeInteger<uint64_t>());
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.AddDouble(message, field, TakeReal<double>());
    case FieldDescriptor::CPPTYPE_FLOAT:
      return reflection.AddFloat(message, field, TakeReal<float>());
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.AddBool(message, field, cutter_->TakeBool());
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.AddEnumValue(message, field, TakeInteger<int8_t>());
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.AddString(message, field, TakeText());
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Fill(reflection.AddMessage(message, field), depth + 1);
  }
}

void LearnTexts(const Message& message, std::vector<std::string>* known) {
  VisitTexts(message, [known](const std::string& text) {
    if (known->size() < 160 && text.size() <= kMaxLearntBytes) known->push_back(text);
  });
}

bool HasOnlyUtf8(const Message& message) {
  bool all = true;
  VisitTexts(message, [&all](const std::string& text) { all = all && IsValidUtf8(text); });
  return all;
}

}  // namespace ridgeline
