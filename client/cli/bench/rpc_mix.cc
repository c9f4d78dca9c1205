#include "client/cli/bench/rpc_mix.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace ridgeline {
namespace {

bool Contains(const std::vector<std::string>& names, absl::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

absl::StatusOr<double> ParseWeight(absl::string_view name, absl::string_view text) {
  double weight = 0;
  if (absl::SimpleAtod(text, &weight) && std::isfinite(weight) && weight > 0) return weight;
  return absl::InvalidArgumentError(
      absl::StrCat("the weight of ", name, " must be a number above 0, got '", text, "'"));
}

}  // namespace

absl::StatusOr<RpcMix> RpcMix::Parse(absl::string_view text, const std::vector<std::string>& known) {
  RpcMix mix;
  for (absl::string_view part : absl::StrSplit(text, ',')) {
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(part, absl::MaxSplits('=', 1));
    const std::string name(absl::StripAsciiWhitespace(pair.first));
    if (!Contains(known, name)) {
      return absl::InvalidArgumentError(
          absl::StrCat("there is no '", name, "'; there are ", absl::StrJoin(known, ", ")));
    }
    if (Contains(mix.names_, name)) return absl::InvalidArgumentError(absl::StrCat(name, " is there twice"));
    const bool weighted = absl::StrContains(part, '=');
    const absl::StatusOr<double> weight = ParseWeight(name, weighted ? pair.second : "1");
    if (!weight.ok()) return weight.status();
    mix.sums_.push_back(*weight + (mix.sums_.empty() ? 0 : mix.sums_.back()));
    mix.names_.push_back(name);
  }
  return mix;
}

size_t RpcMix::Draw(BenchRandom& random) const {
  if (names_.size() == 1) return 0;
  const double sum = random.Uniform() * sums_.back();
  const auto found = std::upper_bound(sums_.begin(), sums_.end() - 1, sum);
  return static_cast<size_t>(found - sums_.begin());
}

}  // namespace ridgeline
