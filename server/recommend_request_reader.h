#ifndef RIDGELINE_SERVER_RECOMMEND_REQUEST_READER_H_
#define RIDGELINE_SERVER_RECOMMEND_REQUEST_READER_H_

#include <google/protobuf/arena.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <deque>

#include "absl/status/statusor.h"
#include "core/serving/recommendation.h"
#include "ridgeline/v1/recommendation_service.pb.h"

namespace ridgeline {

/// Turns the bytes of v1.RecommendRequests into queries, without a copy of their filters' item ids: to make
/// 100,000 strings takes longer than to scan a million items. Holds what the queries' views point into.
/// Thread-compatible.
class RecommendRequestReader {
 public:
  /// The query, which is good as long as the reader and `bytes` are. kInvalidArgument beginning with the
  /// field's path for a string that is not UTF-8, a list that is too long, and what FromProto refuses. An id
  /// of the filter is not checked: whoever looks it up does that.
  absl::StatusOr<RecommendQuery> Read(const grpc::ByteBuffer& bytes);

 private:
  absl::StatusOr<RecommendQuery> ReadSmall(const grpc::ByteBuffer& bytes);
  absl::StatusOr<RecommendQuery> ReadLarge(const grpc::ByteBuffer& bytes);
  v1::RecommendRequest* NewMessage();

  google::protobuf::Arena arena_;
  std::deque<grpc::Slice> slices_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_RECOMMEND_REQUEST_READER_H_
