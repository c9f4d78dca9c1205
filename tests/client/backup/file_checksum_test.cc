#include "client/backup/file_checksum.h"

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(FileChecksum, IsTheValueThatXxhsumPrints) {
  EXPECT_EQ(FileChecksum().Hex(), "2d06800538d394c2");  // of nothing, from XXH3's specification
}

TEST(FileChecksum, DoesNotDependOnHowBytesAreCut) {
  FileChecksum whole;
  whole.Add("onetwo");
  FileChecksum pieces;
  for (const char* piece : {"one", "", "two"}) pieces.Add(piece);
  EXPECT_EQ(pieces.Hex(), whole.Hex());
  pieces.Add("x");
  EXPECT_NE(pieces.Hex(), whole.Hex());
}

}  // namespace
}  // namespace ridgeline
