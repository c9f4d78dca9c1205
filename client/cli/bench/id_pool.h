#ifndef RIDGELINE_CLIENT_CLI_BENCH_ID_POOL_H_
#define RIDGELINE_CLIENT_CLI_BENCH_ID_POOL_H_

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/cli/bench/random.h"
#include "client/cli/bench/zipf.h"

namespace ridgeline {

/// Ids that a load draws from: a list, or a range that is never written out. Thread-compatible.
class IdPool {
 public:
  /// `argument` is a list as ReadList takes it, or a range "u[0-999999]", whose numbers have the zeros of the
  /// first one in front ("u[000-999]"). The earlier ids are drawn the more often the higher `exponent` is, by
  /// Zipf's law; 0 is uniform. kInvalidArgument when there is no id, or a range falls or has no end;
  /// kNotFound when a file cannot be read.
  static absl::StatusOr<IdPool> Read(absl::string_view argument, double exponent, std::istream& input);

  int64_t size() const { return size_; }

  /// Sets `id` to the one at `index`, in [0, size()).
  void Get(int64_t index, std::string& id) const;

  /// Sets `id` to one drawn at random.
  void Draw(BenchRandom& random, std::string& id) const { Get(ranks_.Draw(random), id); }

 private:
  struct Range {
    std::string prefix;
    std::string suffix;
    int64_t first = 0;
    int64_t last = 0;
    size_t width = 0;  // digits at least
  };

  IdPool(std::vector<std::string> ids, double exponent);
  IdPool(Range range, double exponent);

  static absl::StatusOr<Range> ReadRange(absl::string_view argument);

  std::vector<std::string> ids_;
  Range range_;  // instead of ids_, when these are empty
  int64_t size_;
  ZipfRanks ranks_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_BENCH_ID_POOL_H_
