#ifndef RIDGELINE_TESTS_FUZZ_MESSAGE_FILLER_H_
#define RIDGELINE_TESTS_FUZZ_MESSAGE_FILLER_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>
#include <vector>

#include "tests/fuzz/input_cutter.h"

namespace ridgeline {

/// Fills messages of any type from an input, by their descriptors: fields set or left out, lists of none to
/// hundreds, numbers at the edges of their types, NaN and infinities, enum values that do not exist, texts
/// that mean something to the server, empty ones, long ones, ones that are not UTF-8. Bounded in depth and
/// size. Thread-compatible.
class MessageFiller {
 public:
  /// `known` are texts that mean something. Both must outlive the filler.
  MessageFiller(InputCutter* cutter, const std::vector<std::string>* known)
      : cutter_(cutter), known_(known) {}

  void Fill(google::protobuf::Message* message) { Fill(message, 0); }

 private:
  void Fill(google::protobuf::Message* message, int depth);
  void FillField(const google::protobuf::FieldDescriptor* field, google::protobuf::Message* message,
                 int depth);
  void Set(const google::protobuf::FieldDescriptor* field, google::protobuf::Message* message, int depth);
  void Add(const google::protobuf::FieldDescriptor* field, google::protobuf::Message* message, int depth);
  int TakeCount();
  std::string TakeText();
  template <typename Real>
  Real TakeReal();
  template <typename Integer>
  Integer TakeInteger();

  InputCutter* const cutter_;
  const std::vector<std::string>* const known_;
  // Fields that may still be set: no input asks for more than a client does.
  int left_ = 2'000;
};

/// Adds every text in `message`, at most a few hundred bytes long, to `known`: tokens, versions and ids of an
/// answer, to be sent in a later request.
void LearnTexts(const google::protobuf::Message& message, std::vector<std::string>* known);

/// Whether every text in `message` is UTF-8.
bool HasOnlyUtf8(const google::protobuf::Message& message);

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_FUZZ_MESSAGE_FILLER_H_
