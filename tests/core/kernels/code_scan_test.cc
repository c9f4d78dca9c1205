#include "core/kernels/code_scan.h"

#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "tests/core/kernels/code_sample.h"

namespace ridgeline {
namespace {

constexpr int kQueryCounts[] = {1, 2, 3, 4, 5, 7, 16};

std::vector<uint64_t> Hits(const kernels::CodeMatrix& matrix, int64_t blocks,
                           const kernels::CodeQueries& queries) {
  std::vector<uint64_t> hits(static_cast<size_t>(blocks * queries.count), ~uint64_t{0});
  kernels::ScanCodes(matrix, 0, blocks, queries, hits.data());
  return hits;
}

bool IsHit(const std::vector<uint64_t>& hits, int64_t row, int q, int queries) {
  const auto word = static_cast<size_t>(row / kernels::kCodeBlockRows * queries + q);
  return (hits[word] >> (row % kernels::kCodeBlockRows) & 1) != 0;
}

// What must hold of one row: at or above the floor it is let through, clearly below it is held back.
void ExpectRight(bool hit, double score, double floor) {
  if (score >= floor) {
    EXPECT_TRUE(hit) << score << " reaches " << floor;
  } else if (score < floor - 0.01) {
    EXPECT_FALSE(hit) << score << " is below " << floor;
  }
}

TEST(ScanCodes, FindsTheRowsThatReachTheFloorAndNoOthers) {
  for (const int groups : {1, 2, 3, 4, 5, 8, 13, 16, 33}) {
    for (const int count : kQueryCounts) {
      const CodeSample sample(3, groups, count, static_cast<uint32_t>(groups + count));
      for (const float floor : {-20.0f, 0.0f, 30.0f}) {
        const auto hits = Hits(sample.matrix(true), 3, sample.queries(floor, false));
        for (int64_t row = 0; row < sample.rows(); ++row) {
          for (int q = 0; q < count; ++q) {
            ExpectRight(IsHit(hits, row, q, count), sample.Product(row, q) + sample.bias(row), floor);
          }
        }
      }
    }
  }
}

TEST(Reaching, TellsWhichQueriesTheNormsLetReachTheirFloors) {
  const CodeSample sample(1, 8, 3, 17);
  const kernels::CodeBlock& bounds = sample.matrix(true).blocks[0];
  kernels::CodeQueries queries = sample.queries(0.0f, false);
  const auto set_floors = [&](uint32_t reachable) {
    for (int q = 0; q < 3; ++q) {
      const float bound = bounds.norm * queries.norm[q] + bounds.bias;
      queries.floor[q] = (reachable >> q & 1) != 0 ? 0.99f * bound : 1.01f * bound;
    }
  };
  for (uint32_t reachable = 0; reachable < 8; ++reachable) {
    set_floors(reachable);
    EXPECT_EQ(kernels::Reaching(bounds, true, queries), reachable);
  }
}

TEST(ScanCodes, CountNoBiasWhereThereIsNone) {
  const CodeSample sample(2, 7, 3, 5);
  const auto hits = Hits(sample.matrix(false), 2, sample.queries(4.0f, false));
  for (int64_t row = 0; row < sample.rows(); ++row) {
    for (int q = 0; q < 3; ++q) ExpectRight(IsHit(hits, row, q, 3), sample.Product(row, q), 4.0);
  }
}

TEST(ScanCodes, TheLargestCodesDoNotOverflow) {
  for (const int groups : {4, 16, 128}) {
    const CodeSample sample(1, groups, 4, 9, /*extreme=*/true);
    for (int q = 0; q < 4; ++q) {
      const double product = sample.Product(0, q);
      for (const double off : {-1.0, 1.0}) {
        const auto hits =
            Hits(sample.matrix(false), 1, sample.queries(static_cast<float>(product + off), false));
        EXPECT_EQ(IsHit(hits, 0, q, 4), off < 0) << groups;
      }
    }
  }
}

TEST(ScanCodes, ACosineFloorLetsThroughEveryRowThatReachesIt) {
  for (const float floor : {-0.2f, 0.0f, 0.2f}) {
    const CodeSample sample(2, 9, 5, 3);
    const kernels::CodeQueries queries = sample.queries(floor, true);
    const auto hits = Hits(sample.matrix(false), 2, queries);
    int64_t held_back = 0;
    for (int64_t row = 0; row < sample.rows(); ++row) {
      for (int q = 0; q < 5; ++q) {
        const bool hit = IsHit(hits, row, q, 5);
        held_back += !hit;
        EXPECT_TRUE(hit || sample.Product(row, q) < floor * sample.Norm(row));
      }
    }
    EXPECT_GT(held_back, sample.rows());
  }
}

TEST(ScanCodes, ABlockWhoseNormCannotReachTheFloorIsNotLookedInto) {
  const CodeSample sample(2, 4, 2, 1);
  kernels::CodeQueries queries = sample.queries(1.0f, false);
  queries.floor[1] = 1e6f;
  std::vector<uint64_t> hits(4, ~uint64_t{0});
  EXPECT_EQ(kernels::ScanCodes(sample.matrix(false), 0, 2, queries, hits.data()), 2);
  EXPECT_NE(hits[0], 0u);
  EXPECT_EQ(hits[1], 0u);
  EXPECT_EQ(hits[3], 0u);
}

TEST(ScanCodes, LetEveryRowThroughWhereABoundIsNotANumber) {
  const CodeSample sample(1, 4, 1, 1);
  kernels::CodeQueries queries = sample.queries(1e6f, false);
  queries.norm[0] = std::numeric_limits<float>::infinity();
  EXPECT_EQ(Hits(sample.matrix(false), 1, queries).front(), ~uint64_t{0});
  queries = sample.queries(-std::numeric_limits<float>::infinity(), false);
  EXPECT_EQ(Hits(sample.matrix(false), 1, queries).front(), ~uint64_t{0});
}

}  // namespace
}  // namespace ridgeline
