#ifndef RIDGELINE_CORE_DATASET_TAG_MATRIX_H_
#define RIDGELINE_CORE_DATASET_TAG_MATRIX_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "core/dataset/csr_matrix.h"
#include "core/dataset/id_map.h"

namespace ridgeline {

/// Gathers the tags of items into a matrix from which something is learned about other items with the same
/// tags. Thread-compatible.
class TagMatrixBuilder {
 public:
  /// Adds `tags` to those of the item at `row`. A tag counts once however often it is added.
  void Add(uint32_t row, absl::Span<const std::string> tags);

  /// [teaches.size() x tags], all values 1, tags in the order of their names, of the rows added, all below
  /// teaches.size(). Only tags that at least two items carry of which `teaches` is true are there: what one
  /// item has with a tag is the item's own. Of more than `most` of them those that more such items carry,
  /// then by name. The builder is empty afterwards.
  CsrMatrix Build(const std::vector<bool>& teaches, size_t most);

 private:
  IdMap tags_;
  std::vector<std::pair<uint32_t, uint32_t>> entries_;  // item row, row in tags_
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_DATASET_TAG_MATRIX_H_
