#ifndef RIDGELINE_CLIENT_CLI_BENCH_RPC_MIX_H_
#define RIDGELINE_CLIENT_CLI_BENCH_RPC_MIX_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/cli/bench/random.h"

namespace ridgeline {

/// Which kinds of calls a load is made of, and in what proportions. Thread-compatible.
class RpcMix {
 public:
  /// Reads "recommend=90,record=10", or a name alone, of weight 1. kInvalidArgument when a name is not among
  /// `known` or is there twice, or a weight is not a finite number above 0.
  static absl::StatusOr<RpcMix> Parse(absl::string_view text, const std::vector<std::string>& known);

  /// Their names, in the order of the text.
  const std::vector<std::string>& names() const { return names_; }

  /// The index in names() of the kind of the next call.
  size_t Draw(BenchRandom& random) const;

 private:
  std::vector<std::string> names_;
  std::vector<double> sums_;  // of the weights up to each name
};

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_BENCH_RPC_MIX_H_
