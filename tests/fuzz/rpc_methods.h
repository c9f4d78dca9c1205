#ifndef RIDGELINE_TESTS_FUZZ_RPC_METHODS_H_
#define RIDGELINE_TESTS_FUZZ_RPC_METHODS_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "gtest/gtest.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/server/access/schema.h"

namespace ridgeline {

/// Every method of every schema, so that a new one is fuzzed without a line here, in the order of their
/// names: an input means the same calls on every machine.
inline std::vector<const google::protobuf::MethodDescriptor*> RpcMethods() {
  std::vector<const google::protobuf::MethodDescriptor*> methods = MethodsOfTheSchema();
  // A fuzzer would otherwise go on without the methods of a schema that it does not find.
  Require(!methods.empty() && !testing::Test::HasFailure(), "every schema is linked into this program");
  std::sort(methods.begin(), methods.end(),
            [](const auto* a, const auto* b) { return a->full_name() < b->full_name(); });
  return methods;
}

/// An empty message of `type`, as the programs are compiled with it.
inline std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor* type) {
  const auto* prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(type);
  return std::unique_ptr<google::protobuf::Message>(prototype->New());
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_FUZZ_RPC_METHODS_H_
