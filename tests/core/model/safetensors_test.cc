#include "core/model/safetensors.h"

#include <cstring>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string Length(uint64_t length) {
  std::string bytes(8, '\0');
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(length >> (8 * i));
  return bytes;
}

std::string FileOf(absl::string_view header, absl::string_view data) {
  return absl::StrCat(Length(header.size()), header, data);
}

void ExpectRefused(absl::string_view file, const std::string& problem) {
  const auto tensors = ParseSafetensors(file);
  ASSERT_EQ(tensors.status().code(), absl::StatusCode::kDataLoss) << problem;
  EXPECT_THAT(std::string(tensors.status().message()), HasSubstr(problem));
}

void ExpectHeaderRefused(absl::string_view header, const std::string& problem) {
  ExpectRefused(FileOf(header, "12345678"), problem);
}

TEST(Safetensors, WhatIsWrittenReadsBack) {
  const std::map<std::string, TensorView> tensors = {
      {"a", {"U8", {3}, "xyz"}}, {"b", {"F32", {1, 2}, "12345678"}}, {"empty", {"F32", {5, 0}, ""}}};
  std::string file = SafetensorsHeader(tensors);
  EXPECT_EQ(file.size() % 8, 0u);
  for (const std::string& name : SafetensorsOrder(tensors)) absl::StrAppend(&file, tensors.at(name).bytes);
  const auto parsed = ParseSafetensors(file).value();
  ASSERT_EQ(parsed.size(), 3u);
  EXPECT_EQ(parsed.at("a").bytes, "xyz");
  EXPECT_EQ(parsed.at("b").dtype, "F32");
  EXPECT_THAT(parsed.at("b").shape, ElementsAre(1, 2));
  EXPECT_EQ(parsed.at("b").bytes, "12345678");
  EXPECT_EQ(parsed.at("empty").bytes, "");
}

TEST(Safetensors, WideElementsComeFirstSoThatAllAreAligned) {
  const std::map<std::string, TensorView> tensors = {
      {"a", {"U8", {1}, "x"}}, {"b", {"F32", {1}, "1234"}}, {"c", {"U64", {1}, "12345678"}}};
  EXPECT_THAT(SafetensorsOrder(tensors), ElementsAre("c", "b", "a"));
}

TEST(Safetensors, HeaderIsTheDocumentedText) {
  const std::map<std::string, TensorView> tensors = {{"t", {"U8", {2}, "ab"}}};
  const std::string text = R"({"t":{"data_offsets":[0,2],"dtype":"U8","shape":[2]}})";
  EXPECT_EQ(SafetensorsHeader(tensors), Length(56) + text + std::string(56 - text.size(), ' '));
}

TEST(Safetensors, MetadataIsPassedOver) {
  const auto parsed = ParseSafetensors(
      FileOf(R"({"__metadata__":{"by":"other"},"t":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", "x"));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->size(), 1u);
}

TEST(Safetensors, ShortFilesAndWildHeaderLengthsAreRefused) {
  ExpectRefused("", "too short");
  ExpectRefused("1234567", "too short");
  ExpectRefused(absl::StrCat(Length(3), "{}"), "longer than the file");
  ExpectRefused(absl::StrCat(Length(uint64_t{1} << 30), "{}"), "too long");
  ExpectRefused(absl::StrCat(Length(~uint64_t{0}), "{}"), "too long");
}

TEST(Safetensors, HeadersThatAreNoJsonObjectAreRefused) {
  for (const char* header : {"", "{", "[]", "7", "nul", "{} {}", "{\"a\":\"\xff\"}"})
    ExpectHeaderRefused(header, "header is bad");
}

TEST(Safetensors, DeepHeadersAreRefused) {
  ExpectHeaderRefused(absl::StrCat("{\"a\":", std::string(500'000, '['), "}"), "deeply");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) absl::StrAppend(&objects, "{\"a\":");
  ExpectHeaderRefused(objects, "deeply");
}

TEST(Safetensors, DuplicateNamesAreRefused) {
  ExpectHeaderRefused(R"({"t":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},)"
                      R"("t":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}})",
                      "\"t\" twice");
  ExpectHeaderRefused(R"({"t":{"dtype":"U8","dtype":"U8","shape":[8],"data_offsets":[0,8]}})",
                      "\"dtype\" twice");
}

TEST(Safetensors, MembersOfTheWrongTypeAreRefused) {
  ExpectHeaderRefused(R"({"t":7})", "not an object");
  ExpectHeaderRefused(R"({"t":{"shape":[8],"data_offsets":[0,8]}})", "dtype\" is missing");
  ExpectHeaderRefused(R"({"t":{"dtype":8,"shape":[8],"data_offsets":[0,8]}})", "not a string");
  ExpectHeaderRefused(R"({"t":{"dtype":"F31","shape":[8],"data_offsets":[0,8]}})", "no dtype");
  ExpectHeaderRefused(R"({"t":{"dtype":"U8","shape":[-8],"data_offsets":[0,8]}})", "list of integers");
  ExpectHeaderRefused(R"({"t":{"dtype":"U8","shape":[8.0],"data_offsets":[0,8]}})", "list of integers");
  ExpectHeaderRefused(R"({"t":{"dtype":"U8","shape":"8","data_offsets":[0,8]}})", "not a list");
  ExpectHeaderRefused(R"({"t":{"dtype":"U8","shape":[8],"data_offsets":[0,18446744073709551615]}})",
                      "list of integers");
}

TEST(Safetensors, RangesOutsideTheFileAreRefused) {
  ExpectHeaderRefused(R"({"t":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}})", "not a range");
  ExpectHeaderRefused(R"({"t":{"dtype":"U8","shape":[0],"data_offsets":[8,7]}})", "not a range");
  ExpectHeaderRefused(R"({"t":{"dtype":"U8","shape":[8],"data_offsets":[0]}})", "not a range");
  ExpectHeaderRefused(R"({"t":{"dtype":"U8","shape":[8],"data_offsets":[0,8,8]}})", "not a range");
}

TEST(Safetensors, SizesThatDisagreeWithTheShapeAreRefused) {
  ExpectHeaderRefused(R"({"t":{"dtype":"F32","shape":[8],"data_offsets":[0,8]}})", "its shape needs 32");
  ExpectHeaderRefused(R"({"t":{"dtype":"U8","shape":[4611686018427387904,4],"data_offsets":[0,8]}})",
                      "too large");
  ExpectHeaderRefused(R"({"t":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}})",
                      "too large");
}

TEST(Safetensors, OverlapsHolesAndRemaindersAreRefused) {
  ExpectHeaderRefused(R"({"a":{"dtype":"U8","shape":[5],"data_offsets":[0,5]},)"
                      R"("b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})",
                      "overlap");
  ExpectHeaderRefused(R"({"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},)"
                      R"("b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})",
                      "hole");
  ExpectHeaderRefused(R"({"a":{"dtype":"U8","shape":[7],"data_offsets":[0,7]}})", "behind the last");
  ExpectHeaderRefused("{}", "behind the last");
}

TEST(Safetensors, TruncationAtEveryLengthIsRefused) {
  const std::string file = FileOf(R"({"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", "12345678");
  ASSERT_TRUE(ParseSafetensors(file).ok());
  for (size_t size = 0; size < file.size(); ++size) {
    EXPECT_EQ(ParseSafetensors(absl::string_view(file).substr(0, size)).status().code(),
              absl::StatusCode::kDataLoss);
  }
}

TEST(Safetensors, FlippedBytesNeverLeadOutsideTheFile) {
  const std::string file = FileOf(R"({"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", "12345678");
  for (size_t at = 0; at < file.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = file;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
      const auto tensors = ParseSafetensors(flipped);
      if (!tensors.ok()) continue;
      for (const auto& [name, tensor] : *tensors) {
        EXPECT_GE(tensor.bytes.data(), flipped.data());
        EXPECT_LE(tensor.bytes.data() + tensor.bytes.size(), flipped.data() + flipped.size());
      }
    }
  }
}

}  // namespace
}  // namespace ridgeline
