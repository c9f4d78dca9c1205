#include <google/protobuf/stubs/logging.h>
#include <grpcpp/support/byte_buffer.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/serving/page_token.h"
#include "server/convert_recommendation_request.h"
#include "server/recommend_request_reader.h"
#include "server/rpc_codec.h"
#include "tests/fuzz/byte_parts.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_cutter.h"

namespace ridgeline {
namespace {

// All that a query asks, or what is wrong with it.
std::string Meaning(const absl::StatusOr<RecommendQuery>& query) {
  if (!query.ok()) return query.status().ToString();
  return absl::StrCat(query->k, " ", query->explain_parts, " ", query->page_token, " ",
                      QueryFingerprint(*query));
}

// The same by way of Protocol Buffers alone.
std::string OracleMeaning(const grpc::ByteBuffer& bytes) {
  v1::RecommendRequest message;
  const absl::Status status = ParseMessage(bytes, &message);
  return status.ok() ? Meaning(FromProto(message)) : status.ToString();
}

// A field that no release knows, long enough for its request to be read as large ones are: number 1000, 8,192
// bytes.
std::string UnknownField() {
  return absl::StrCat("\xc2\x3e\x80\x40", std::string(8'192, 'x'));
}

// Any bytes as a request of Recommend, once as they are and once as part of a large one, of which the ids of
// the filter are never copied: both are read as Protocol Buffers read them.
RIDGELINE_FUZZ_TARGET(recommend_request) {
  google::protobuf::SetLogHandler(nullptr);
  InputCutter cutter(input);
  const size_t cut = cutter.TakeNumber<uint16_t>();
  const std::string small(cutter.rest());
  for (const std::string& bytes :
       {small, absl::StrCat(UnknownField(), small), absl::StrCat(small, UnknownField())}) {
    const grpc::ByteBuffer request = InParts(bytes, cut);
    RecommendRequestReader reader;
    const absl::StatusOr<RecommendQuery> query = reader.Read(request);
    RequireExplained(query.status());
    Require(query.ok() || absl::IsInvalidArgument(query.status()),
            "bytes that are no request are the caller's fault");
    const std::string expected = OracleMeaning(request);
    // Ids of the filter are checked where they are looked up.
    if (absl::StrContains(expected, "item_ids[")) continue;
    Require(Meaning(query) == expected,
            absl::StrCat("a large request means what a small one does, not ", expected));
  }
}

}  // namespace
}  // namespace ridgeline
