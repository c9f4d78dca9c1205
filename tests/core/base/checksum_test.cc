#include "core/base/checksum.h"

#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(Checksum64, IsTheValueThatOldFilesHold) {
  EXPECT_EQ(Checksum64(""), 0x2d06800538d394c2u);  // XXH3's value of nothing, from its specification
  EXPECT_NE(Checksum64("a"), Checksum64("b"));
}

TEST(Checksum64, EveryFlippedBitChangesIt) {
  std::string bytes(300, 'x');
  std::set<uint64_t> seen = {Checksum64(bytes)};
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    EXPECT_TRUE(seen.insert(Checksum64(bytes)).second) << bit;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
  }
}

TEST(Checksum64, DoesNotDependOnHowBytesAreCut) {
  const std::string bytes(1000, 'y');
  const absl::string_view view = bytes;
  for (const size_t cut : {size_t{0}, size_t{1}, size_t{500}, size_t{1000}}) {
    const std::vector<absl::string_view> chunks = {view.substr(0, cut), view.substr(cut)};
    EXPECT_EQ(Checksum64(chunks), Checksum64(bytes));
  }
}

TEST(RunningChecksum, IsThatOfAllItsPiecesAndBeginsAnewWhenReset) {
  RunningChecksum checksum;
  EXPECT_EQ(checksum.value(), Checksum64(""));
  checksum.Add("one");
  checksum.Add("");
  checksum.Add("two");
  EXPECT_EQ(checksum.value(), Checksum64("onetwo"));
  checksum.Reset();
  checksum.Add("three");
  EXPECT_EQ(checksum.value(), Checksum64("three"));
}

}  // namespace
}  // namespace ridgeline
