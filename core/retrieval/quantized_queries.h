#ifndef RIDGELINE_CORE_RETRIEVAL_QUANTIZED_QUERIES_H_
#define RIDGELINE_CORE_RETRIEVAL_QUANTIZED_QUERIES_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "core/kernels/code_scan.h"

namespace ridgeline {

/// Up to kMaxScanQueries query vectors as a scan of codes takes them. Thread-compatible.
class QuantizedQueries {
 public:
  /// No queries yet, of `factors` dimensions; `cosine` says what floors mean.
  QuantizedQueries(int factors, bool cosine);

  /// Adds `vector` [factors]; returns its index. At most kMaxScanQueries fit.
  int Add(absl::Span<const float> vector);

  /// What query `q`'s scores before its `constant` is added must reach so that after it they may be `floor`;
  /// -infinity lets every row through. The rounding of that addition is allowed for.
  void SetFloor(int q, float floor, float constant);

  /// Takes query `q` out; the last one takes its index. Add may not be called any more.
  void Remove(int q);

  int count() const { return queries_.count; }

  /// What the kernel takes; valid as long as this is.
  const kernels::CodeQueries& queries() const { return queries_; }

 private:
  const size_t stride_;        // dimensions, padded to whole groups
  std::vector<int8_t> codes_;  // [kMaxScanQueries x stride]
  kernels::CodeQueries queries_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_RETRIEVAL_QUANTIZED_QUERIES_H_
