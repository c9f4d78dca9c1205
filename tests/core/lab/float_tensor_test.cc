#include "core/lab/float_tensor.h"

#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/lab/npy_bytes.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(MakeFloatTensor, ReadsEveryElementType) {
  const auto values = [](ElementType type, const std::string& bytes) {
    return MakeFloatTensor(type, {2}, bytes).value().values;
  };
  EXPECT_THAT(values(ElementType::kFloat16, Raw<uint16_t>({0x3c00, 0xc100})), ElementsAre(1.0f, -2.5f));
  EXPECT_THAT(values(ElementType::kFloat32, Raw<float>({0.1f, -3.0f})), ElementsAre(0.1f, -3.0f));
  EXPECT_THAT(values(ElementType::kFloat64, Raw<double>({0.1, 1e30})), ElementsAre(0.1f, 1e30f));
  EXPECT_THAT(values(ElementType::kInt32, Raw<int32_t>({-7, 8})), ElementsAre(-7.0f, 8.0f));
  EXPECT_THAT(values(ElementType::kInt64, Raw<int64_t>({9, -1})), ElementsAre(9.0f, -1.0f));
}

TEST(MakeFloatTensor, RefusesBytesThatAreNotThoseOfTheShape) {
  const auto error = [](std::vector<int64_t> shape, const std::string& bytes) {
    return std::string(MakeFloatTensor(ElementType::kFloat32, std::move(shape), bytes).status().message());
  };
  EXPECT_THAT(error({2, 3}, "1234"), HasSubstr("[2 x 3] needs 24"));
  EXPECT_THAT(error({}, ""), HasSubstr("needs 4"));
  EXPECT_THAT(error({-1}, ""), HasSubstr("negative"));
  EXPECT_THAT(error({int64_t{1} << 40, int64_t{1} << 40}, ""), HasSubstr("too large"));
}

TEST(MakeFloatTensor, TakesEmptySides) {
  EXPECT_TRUE(MakeFloatTensor(ElementType::kFloat32, {0, 64}, "").value().values.empty());
  EXPECT_TRUE(MakeFloatTensor(ElementType::kFloat32, {0, std::numeric_limits<int64_t>::max()}, "").ok());
}

TEST(FromColumnMajor, PutsRowsTogether) {
  EXPECT_THAT(FromColumnMajor({{2, 3}, {1, 4, 2, 5, 3, 6}}).values, ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(FromColumnMajor({{3}, {1, 2, 3}}).values, ElementsAre(1, 2, 3));
}

TEST(FromColumnMajor, TakesNoTimeForRowsOfNothing) {
  const int64_t rows = int64_t{1} << 60;
  EXPECT_THAT(FromColumnMajor({{rows, 0}, {}}).shape, ElementsAre(rows, 0));
}

}  // namespace
}  // namespace ridgeline
