#include "core/retrieval/quantized_queries.h"

#include <algorithm>
#include <array>
#include <cfloat>
#include <cmath>
#include <limits>

#include "core/retrieval/quantized_matrix.h"

namespace ridgeline {
namespace {

constexpr double kLargestQueryCode = 127.0;

// Rounding adds at most a half to each of the dimensions of a chunk's even or odd pairs.
constexpr double kMostStepsOfPairs = kernels::kMostCodeSum - kernels::kCodeChunk / 4.0;

// The largest sum of magnitudes over the even or the odd pairs of a chunk.
double LargestPairSum(absl::Span<const float> vector) {
  double largest = 0.0;
  std::array<double, 2> sums = {0.0, 0.0};
  for (size_t d = 0; d < vector.size(); ++d) {
    if (d % kernels::kCodeChunk == 0) sums = {0.0, 0.0};
    double& sum = sums[d / 2 % 2];
    sum += std::fabs(vector[d]);
    largest = std::max(largest, sum);
  }
  return largest;
}

// The finest step at which no code is too large and no chunk's sum overflows.
float StepOf(absl::Span<const float> vector) {
  return RoundedUp(
      std::max(LargestMagnitude(vector) / kLargestQueryCode, LargestPairSum(vector) / kMostStepsOfPairs));
}

}  // namespace

QuantizedQueries::QuantizedQueries(int factors, bool cosine)
    : stride_(static_cast<size_t>((factors + kernels::kCodeGroup - 1) / kernels::kCodeGroup) *
              kernels::kCodeGroup),
      codes_(stride_ * kernels::kMaxScanQueries, 0) {
  queries_.cosine = cosine;
}

int QuantizedQueries::Add(absl::Span<const float> vector) {
  const int q = queries_.count++;
  int8_t* codes = codes_.data() + static_cast<size_t>(q) * stride_;
  const float step = StepOf(vector);
  const bool encodable = std::isfinite(step) && step > 0.0f;
  double left = 0.0;
  int32_t sum = 0;
  for (size_t d = 0; d < vector.size(); ++d) {
    const double code = encodable ? std::nearbyint(vector[d] / double{step}) : 0.0;
    codes[d] = static_cast<int8_t>(code);
    sum += codes[d];
    const double error = vector[d] - code * step;
    left += error * error;
  }
  queries_.codes[q] = codes;
  queries_.scale[q] = encodable ? step : 0.0f;
  queries_.norm[q] = RoundedUp(Norm(vector));
  queries_.error[q] = RoundedUp(std::sqrt(left));
  queries_.offset[q] = static_cast<float>(kernels::kCodeZero * sum);
  queries_.slack[q] = static_cast<float>(vector.size() + 16) * FLT_EPSILON;
  SetFloor(q, -std::numeric_limits<float>::infinity(), 0.0f);
  return q;
}

void QuantizedQueries::Remove(int q) {
  const int last = --queries_.count;
  queries_.codes[q] = queries_.codes[last];
  queries_.scale[q] = queries_.scale[last];
  queries_.norm[q] = queries_.norm[last];
  queries_.error[q] = queries_.error[last];
  queries_.offset[q] = queries_.offset[last];
  queries_.slack[q] = queries_.slack[last];
  queries_.floor[q] = queries_.floor[last];
}

void QuantizedQueries::SetFloor(int q, float floor, float constant) {
  const double rounding = 4.0 * FLT_EPSILON * (std::fabs(double{floor}) + std::fabs(double{constant}));
  const double least = double{floor} - constant - rounding;
  // -infinity and what is not a number let every row through.
  queries_.floor[q] =
      std::isfinite(floor) ? static_cast<float>(least) : -std::numeric_limits<float>::infinity();
}

}  // namespace ridgeline
