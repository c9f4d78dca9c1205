#include "core/lab/npy.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/lab/npy_bytes.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string ErrorOf(const std::string& file) {
  const auto tensor = ParseNpy(file);
  EXPECT_EQ(tensor.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(tensor.status().message());
}

TEST(ParseNpy, ReadsMatricesVectorsAndNumbers) {
  const auto matrix = ParseNpy(NpyOfFloats("(2, 3)", {1, 2, 3, 4, 5, 6})).value();
  EXPECT_THAT(matrix.shape, ElementsAre(2, 3));
  EXPECT_THAT(matrix.values, ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(ParseNpy(NpyOfFloats("(2,)", {1, 2})).value().shape, ElementsAre(2));
  EXPECT_THAT(ParseNpy(NpyOfFloats("()", {7})).value().shape, ElementsAre());
}

TEST(ParseNpy, ReadsFortranOrderAndKeysInAnyOrder) {
  const auto tensor = ParseNpy(
      NpyBytes("{'shape': (2, 2), 'fortran_order': True, 'descr': '<f8'}", Raw<double>({1, 3, 2, 4})));
  EXPECT_THAT(tensor.value().values, ElementsAre(1, 2, 3, 4));
}

TEST(ParseNpy, ReadsVersionTwo) {
  const std::string header = "{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }";
  const std::string file = std::string("\x93NUMPY\x02\x00", 8) + static_cast<char>(header.size()) +
                           std::string(3, '\0') + header + Raw<int64_t>({5});
  EXPECT_THAT(ParseNpy(file).value().values, ElementsAre(5));
}

TEST(ParseNpy, SaysWhatIsWrongWithOtherBytes) {
  const std::string good = NpyOfFloats("(2, 1)", {1, 2});
  EXPECT_THAT(ErrorOf(""), HasSubstr("does not begin"));
  EXPECT_THAT(ErrorOf("PK\x03\x04"), HasSubstr("does not begin"));
  EXPECT_THAT(ErrorOf("\x93NUMPY\x09"), HasSubstr("version"));
  EXPECT_THAT(ErrorOf(good.substr(0, 20)), HasSubstr("header is cut off"));
  EXPECT_THAT(ErrorOf(good.substr(0, good.size() - 1)), HasSubstr("7 bytes of data"));
  EXPECT_THAT(ErrorOf(good + "x"), HasSubstr("9 bytes of data"));
  EXPECT_THAT(ErrorOf(NpyBytes("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "")),
              HasSubstr("'|O'"));
  EXPECT_THAT(ErrorOf(NpyBytes("{'descr': '>f4', 'fortran_order': False, 'shape': (1,)}", "")),
              HasSubstr("'>f4'"));
  EXPECT_THAT(ErrorOf(NpyBytes("{'descr': '<f4', 'shape': (1,)}", "")), HasSubstr("fortran_order"));
  EXPECT_THAT(ErrorOf(NpyBytes("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}", "")),
              HasSubstr("neither"));
  EXPECT_THAT(ErrorOf(NpyOfFloats("(2, 1", {1, 2})), HasSubstr("tuple"));
  EXPECT_THAT(ErrorOf(NpyOfFloats("(a,)", {1, 2})), HasSubstr("not of numbers"));
  EXPECT_THAT(ErrorOf(NpyOfFloats("(-2,)", {1, 2})), HasSubstr("negative"));
  EXPECT_THAT(ErrorOf(NpyOfFloats("(1, 1, 2)", {1, 2})), HasSubstr("3 dimensions"));
  EXPECT_THAT(ErrorOf(NpyOfFloats("(9223372036854775807, 9)", {1, 2})), HasSubstr("too large"));
}

TEST(FormatNpy, IsReadBackAndItsDataAreAligned) {
  for (const size_t columns : {1u, 3u}) {
    const std::vector<float> values = {1.5f, -2, 0, 4, 5, 6};
    const std::string file = FormatNpy(absl::MakeConstSpan(values), columns);
    EXPECT_EQ((file.size() - sizeof(float) * values.size()) % 64, 0u);
    const FloatTensor tensor = ParseNpy(file).value();
    EXPECT_EQ(tensor.shape,
              (std::vector<int64_t>{static_cast<int64_t>(6 / columns), static_cast<int64_t>(columns)}));
    EXPECT_THAT(tensor.values, testing::ElementsAreArray(values));
  }
  const std::vector<int32_t> numbers = {-1, 7};
  const FloatTensor tensor = ParseNpy(FormatNpy(absl::MakeConstSpan(numbers), 2)).value();
  EXPECT_EQ(tensor.shape, (std::vector<int64_t>{1, 2}));
  EXPECT_THAT(tensor.values, ElementsAre(-1, 7));
}

TEST(ParseNpy, RefusesEveryPrefix) {
  const std::string good = NpyOfFloats("(2, 1)", {1, 2});
  for (size_t size = 0; size < good.size(); ++size) EXPECT_FALSE(ParseNpy(good.substr(0, size)).ok()) << size;
}

}  // namespace
}  // namespace ridgeline
