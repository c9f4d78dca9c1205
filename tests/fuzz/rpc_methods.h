#ifndef RIDGELINE_TESTS_FUZZ_RPC_METHODS_H_
#define RIDGELINE_TESTS_FUZZ_RPC_METHODS_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <memory>
#include <vector>

#include "ridgeline/v1/catalog_service.pb.h"
#include "ridgeline/v1/interaction_service.pb.h"
#include "ridgeline/v1/model_service.pb.h"
#include "ridgeline/v1/recommendation_service.pb.h"
#include "tests/fuzz/fuzz_target.h"

namespace ridgeline {

/// Every method of the schema, so that a new one is fuzzed without a line here.
inline std::vector<const google::protobuf::MethodDescriptor*> RpcMethods() {
  std::vector<const google::protobuf::MethodDescriptor*> methods;
  // One message of each file: its file is known to the pool once it is linked.
  for (const google::protobuf::FileDescriptor* file :
       {v1::UpsertItemsRequest::descriptor()->file(), v1::RecordInteractionsRequest::descriptor()->file(),
        v1::GetModelRequest::descriptor()->file(), v1::RecommendRequest::descriptor()->file()}) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m)
        methods.push_back(file->service(s)->method(m));
    }
  }
  Require(!methods.empty(), "the schema has methods");
  return methods;
}

/// An empty message of `type`, as the programs are compiled with it.
inline std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor* type) {
  const auto* prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(type);
  return std::unique_ptr<google::protobuf::Message>(prototype->New());
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_FUZZ_RPC_METHODS_H_
