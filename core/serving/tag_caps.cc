#include "core/serving/tag_caps.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "core/serving/item_selection.h"

namespace ridgeline {
namespace {

constexpr size_t kSmallestPiece = 64;
constexpr size_t kLargestPiece = 2 * kMaxResults;

// How much of the ranking to ask for when `missing` items are to be found in it: some will not do.
int PieceSize(size_t missing) {
  return static_cast<int>(std::clamp(2 * missing, kSmallestPiece, kLargestPiece));
}

std::vector<std::vector<std::string>> TagsOf(const std::vector<ScoredItem>& items,
                                             const ServingSnapshot& snapshot, const Catalog& catalog) {
  std::vector<absl::string_view> ids;
  ids.reserve(items.size());
  for (const ScoredItem& item : items) ids.push_back(snapshot.model().item_ids().Id(item.row));
  return catalog.Tags(ids);
}

// Takes what may be taken of one ranking, piece by piece.
class Walk {
 public:
  Walk(const std::vector<TagCap>& caps, const CappedPage& page) : counter_(caps), page_(page) {}

  size_t missing() const {
    const size_t wanted = page_.ranked_before + page_.k;
    return std::max(wanted - std::min(wanted, taken_), page_.k - chosen_.size());
  }
  bool complete() const { return chosen_.size() == page_.k; }

  void Visit(const std::vector<ScoredItem>& piece, const std::vector<std::vector<std::string>>& tags) {
    for (size_t i = 0; i < piece.size() && !complete(); ++i) {
      if (!counter_.Take(tags[i])) continue;
      ++taken_;
      const bool is_on_page = !page_.after.has_value() || RanksBefore(*page_.after, piece[i]);
      if (is_on_page) chosen_.push_back(piece[i]);
    }
  }

  std::vector<std::string> TakeFull() { return counter_.TakeFull(); }
  std::vector<ScoredItem> TakeChosen() { return std::move(chosen_); }

 private:
  TagCounter counter_;
  const CappedPage page_;
  size_t taken_ = 0;  // of the pages before too
  std::vector<ScoredItem> chosen_;
};

}  // namespace

TagCounter::TagCounter(const std::vector<TagCap>& caps) {
  for (const TagCap& cap : caps) {
    if (cap.is_prefix) {
      prefixes_.push_back(cap);
    } else {
      left_.emplace(cap.tag, cap.max_count);
    }
  }
  std::sort(prefixes_.begin(), prefixes_.end(),
            [](const TagCap& a, const TagCap& b) { return a.tag.size() > b.tag.size(); });
}

bool TagCounter::Take(absl::Span<const std::string> tags) {
  for (const std::string& tag : tags) {
    const int64_t* const left = Left(tag);
    if (left != nullptr && *left == 0) return false;
  }
  for (const std::string& tag : tags) {
    int64_t* const left = Left(tag);
    if (left != nullptr && --*left == 0) full_.push_back(tag);
  }
  return true;
}

std::vector<std::string> TagCounter::TakeFull() {
  return std::exchange(full_, {});
}

int64_t* TagCounter::Left(const std::string& tag) {
  const auto [known, is_new] = left_.try_emplace(tag);
  if (is_new) {
    const auto cap = std::find_if(prefixes_.begin(), prefixes_.end(),
                                  [&](const TagCap& prefix) { return absl::StartsWith(tag, prefix.tag); });
    if (cap != prefixes_.end()) known->second = cap->max_count;
  }
  return known->second.has_value() ? &*known->second : nullptr;
}

std::vector<ScoredItem> WalkUnderTagCaps(
    const std::vector<TagCap>& caps, const ServingSnapshot& snapshot, const Catalog& catalog,
    RetrievalQuery retrieval, const CappedPage& page,
    absl::FunctionRef<std::vector<ScoredItem>(const RetrievalQuery&)> retrieve) {
  ItemFilter filter = *retrieval.filter;
  retrieval.filter = &filter;
  Walk walk(caps, page);
  while (!walk.complete()) {
    retrieval.k = PieceSize(walk.missing());
    const std::vector<ScoredItem> piece = retrieve(retrieval);
    walk.Visit(piece, TagsOf(piece, snapshot, catalog));
    if (piece.size() < static_cast<size_t>(retrieval.k)) break;
    retrieval.after = piece.back();
    // Every item of such a tag would be turned down, however many there are.
    const std::vector<std::string> full = walk.TakeFull();
    if (!full.empty()) ForbidTags(full, snapshot, catalog, filter);
  }
  return walk.TakeChosen();
}

}  // namespace ridgeline
