#ifndef RIDGELINE_CLIENT_CLI_BOOST_H_
#define RIDGELINE_CLIENT_CLI_BOOST_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ridgeline/v1/recommendation_service.pb.h"

namespace ridgeline {

/// Reads a change of scores: TARGET*FACTOR or TARGET+SUMMAND, TARGET being "tag:TAG" or "item:ID". The last
/// "*" or "+" counts, so ids may contain them; subtract with "+-0.5". A usage error when the text is none of
/// these.
absl::StatusOr<v1::Boost> ParseBoost(absl::string_view text);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_BOOST_H_
