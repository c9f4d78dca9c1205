#include "core/base/byte_coding.h"

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(ByteCoding, WritesTheSameBytesOnEveryMachine) {
  std::string bytes;
  AppendFixed32(0x01020304, &bytes);
  AppendFixed64(0x0102030405060708, &bytes);
  AppendBigEndian16(0x0102, &bytes);
  AppendBigEndian64(0x0102030405060708, &bytes);
  AppendSized("ab", &bytes);
  EXPECT_EQ(absl::BytesToHexString(bytes),
            "04030201"
            "0807060504030201"
            "0102"
            "0102030405060708"
            "02000000"
            "6162");
}

TEST(ByteCoding, BigEndianNumbersSortLikeNumbers) {
  std::string last;
  for (const uint64_t number :
       {uint64_t{0}, uint64_t{1}, uint64_t{255}, uint64_t{256}, uint64_t{1} << 63, UINT64_MAX}) {
    std::string bytes;
    AppendBigEndian64(number, &bytes);
    EXPECT_LT(last, bytes);
    last = bytes;
  }
}

TEST(ByteReader, ReadsBackWhatWasWritten) {
  for (const uint64_t number : {uint64_t{0}, uint64_t{0x80}, uint64_t{0xff00ff00ff00ff00}, UINT64_MAX}) {
    std::string bytes;
    AppendFixed32(static_cast<uint32_t>(number), &bytes);
    AppendFixed64(number, &bytes);
    AppendBigEndian16(static_cast<uint16_t>(number), &bytes);
    AppendBigEndian64(number, &bytes);
    AppendSized("text", &bytes);
    ByteReader reader(bytes);
    EXPECT_EQ(reader.Fixed32(), static_cast<uint32_t>(number));
    EXPECT_EQ(reader.Fixed64(), number);
    EXPECT_EQ(reader.BigEndian16(), static_cast<uint16_t>(number));
    EXPECT_EQ(reader.BigEndian64(), number);
    EXPECT_EQ(reader.Sized(), "text");
    EXPECT_TRUE(reader.done());
  }
}

TEST(ByteReader, GivesSingleBytesAndAllThatAreLeft) {
  ByteReader reader(
      "\xff"
      "abc");
  EXPECT_EQ(reader.Byte(), 255);
  EXPECT_EQ(reader.Rest(), "abc");
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(reader.Rest(), "");
  EXPECT_TRUE(reader.ok()) << "nothing is left, and nothing was asked for";
  EXPECT_EQ(reader.Byte(), 0);
  EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, AFailedReadIsRememberedAndGivesNothing) {
  ByteReader reader("abc");
  EXPECT_EQ(reader.Fixed32(), 0u);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.Take(1), "");
  EXPECT_FALSE(reader.ok());
  EXPECT_FALSE(reader.done());
}

TEST(ByteReader, ASizeBeyondTheBytesIsNoRead) {
  std::string bytes;
  AppendFixed32(UINT32_MAX, &bytes);
  ByteReader reader(bytes);
  EXPECT_EQ(reader.Sized(), "");
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(ByteReader("ab").Take(UINT64_MAX), "");
}

TEST(ByteReader, IsDoneOnlyWhenNothingIsLeft) {
  ByteReader reader("ab");
  EXPECT_FALSE(reader.done());
  EXPECT_EQ(reader.Take(1), "a");
  EXPECT_TRUE(reader.ok());
  EXPECT_FALSE(reader.done());
  EXPECT_EQ(reader.Take(1), "b");
  EXPECT_TRUE(reader.done());
}

}  // namespace
}  // namespace ridgeline
