#ifndef RIDGELINE_CORE_SERVING_PAGE_TOKEN_H_
#define RIDGELINE_CORE_SERVING_PAGE_TOKEN_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/retrieval/retrieval_query.h"
#include "core/serving/recommendation.h"

namespace ridgeline {

/// Where a page of recommendations ended. Holds nothing secret and grants nothing. A plain value.
struct PageToken {
  std::string model_version;
  uint64_t query_fingerprint = 0;  ///< of the request that the pages belong to
  bool popular = false;            ///< the ranking was by popularity
  uint32_t rank = 0;               ///< how many items the pages so far had
  ScoredItem last;                 ///< the last of them
};

/// The token as callers carry it: URL-safe base64, without padding, of
///   format version (1 byte, = 1), popular (1 byte), rank, last row, last score's bits (4 bytes each),
///   query fingerprint (8 bytes), model version (the rest), XXH3 of all before (8 bytes); integers
///   little-endian.
std::string EncodePageToken(const PageToken& token);

/// What EncodePageToken was given. kInvalidArgument beginning with "page_token" for every other text.
absl::StatusOr<PageToken> DecodePageToken(absl::string_view text);

/// A checksum of everything in `query` that must stay the same from page to page: all but k and page_token.
uint64_t QueryFingerprint(const RecommendQuery& query);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_PAGE_TOKEN_H_
