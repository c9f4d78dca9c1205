#ifndef RIDGELINE_CLIENT_CLI_BENCH_REQUEST_MAKER_H_
#define RIDGELINE_CLIENT_CLI_BENCH_REQUEST_MAKER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "client/cli/bench/id_pool.h"
#include "client/cli/bench/random.h"
#include "client/cli/bench/rpc_mix.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/slice.h"
#include "ridgeline/v1/interaction.pb.h"
#include "ridgeline/v1/item.pb.h"

namespace ridgeline {

/// What the requests of a load are made of.
struct RequestOptions {
  std::string mix = "recommend";          ///< as RpcMix::Parse reads it
  absl::optional<IdPool> users;           ///< needed by the kinds that name a user
  absl::optional<IdPool> items;           ///< needed by the kinds that name items
  absl::optional<v1::UserVector> vector;  ///< needed by "vector"
  absl::optional<int32_t> k;              ///< default: the server's
  absl::optional<v1::ItemFilter> filter;
  int items_per_call = 5;    ///< of a history, and of what is scored; at least 1
  int users_per_call = 100;  ///< of a batch; at least 1
  uint64_t seed = 1;
};

/// One request, serialized.
struct BenchRequest {
  size_t rpc = 0;  ///< index in RequestMaker::names()
  grpc::ByteBuffer bytes;
};

/// Makes the requests of a load, the same ones from the same options. What all requests of a kind have in
/// common, which may be a filter of 100,000 ids, is serialized once and shared: serialized messages that
/// follow one another are read as their union. Thread-compatible.
class RequestMaker {
 public:
  /// The kinds of calls there are, for people to choose from: "recommend", "similar", ...
  static std::vector<std::string> Kinds();

  /// kInvalidArgument naming the flag when the mix is wrong or ids that it needs are missing.
  static absl::StatusOr<RequestMaker> Create(RequestOptions options);

  BenchRequest Next();

  /// The kinds of the mix.
  const std::vector<std::string>& names() const { return mix_.names(); }

  /// The RPC of a kind, "/PACKAGE.SERVICE/METHOD"; `rpc` indexes names().
  const std::string& method(size_t rpc) const { return kinds_[rpc].method; }

  /// What differs between the requests of a kind, and where it is drawn from; for the table of kinds.
  struct Draws {
    const RequestOptions& options;
    BenchRandom& random;
  };
  using WriteHead = std::function<void(Draws draws, std::string* bytes)>;

 private:
  struct Kind {
    std::string method;
    WriteHead write_head;
    grpc::Slice tail;  // what all requests have in common
  };

  RequestMaker(RequestOptions options, RpcMix mix);

  RequestOptions options_;
  RpcMix mix_;
  std::vector<Kind> kinds_;  // in the order of names()
  BenchRandom random_;
  std::string head_;  // reused
};

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_BENCH_REQUEST_MAKER_H_
