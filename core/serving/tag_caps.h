#ifndef RIDGELINE_CORE_SERVING_TAG_CAPS_H_
#define RIDGELINE_CORE_SERVING_TAG_CAPS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "core/catalog/catalog.h"
#include "core/retrieval/retrieval_query.h"
#include "core/serving/recommendation.h"
#include "core/serving/serving_snapshot.h"

namespace ridgeline {

/// Counts the tags of chosen items against caps. A tag has the cap that names it, else that of its longest
/// prefix, else none. Thread-compatible; one a ranking.
class TagCounter {
 public:
  /// `caps` were validated.
  explicit TagCounter(const std::vector<TagCap>& caps);

  /// Counts an item of these `tags` in, unless one of them is full already: then false, and nothing counts.
  bool Take(absl::Span<const std::string> tags);

  /// The tags that became full since the last call.
  std::vector<std::string> TakeFull();

 private:
  // How many items more may have `tag`; null when it has no cap. Valid until the next call.
  int64_t* Left(const std::string& tag);

  std::vector<TagCap> prefixes_;                                    // longest first
  absl::flat_hash_map<std::string, absl::optional<int64_t>> left_;  // of the tags met or named
  std::vector<std::string> full_;
};

/// Which part of a ranking under caps a page has.
struct CappedPage {
  size_t k = 0;                           ///< most items
  absl::optional<ScoredItem> after = {};  ///< the last item of the page before
  size_t ranked_before = 0;  ///< how many items the pages before had; only a hint of how far to go
};

/// The items of `page` in the greedy walk down the ranking of `retrieval`: from the best on, every item is
/// taken none of whose tags has been taken as often as its cap allows. So it has fewer than k items only
/// where no other item may follow. `retrieve` answers a RetrievalQuery; it is asked for pieces of the ranking
/// one after another, and not again for items whose tag is full: once or twice as a rule, at most once a tag
/// that becomes full. `retrieval` has a filter, whose rows are `snapshot`'s. A page walks those before it
/// again, so that caps hold over all pages.
std::vector<ScoredItem> WalkUnderTagCaps(
    const std::vector<TagCap>& caps, const ServingSnapshot& snapshot, const Catalog& catalog,
    RetrievalQuery retrieval, const CappedPage& page,
    absl::FunctionRef<std::vector<ScoredItem>(const RetrievalQuery&)> retrieve);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_TAG_CAPS_H_
