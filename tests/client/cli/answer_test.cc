#include "client/cli/answer.h"

#include <sstream>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

std::string NoteFor(int ids, int64_t count) {
  google::protobuf::RepeatedPtrField<std::string> unknown;
  for (int i = 0; i < ids; ++i) *unknown.Add() = absl::StrCat("i", i);
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Output output({&in, &out, &err, false}, false);
  NoteUnknownItems(unknown, count, output);
  return err.str();
}

TEST(Provenance, SaysWhenNothingIsKnownOfTheUser) {
  EXPECT_EQ(Provenance(v1::SOURCE_FOLD_IN, "v1"), "FOLD_IN by model v1");
  EXPECT_EQ(Provenance(v1::SOURCE_POPULAR, "v1"), "POPULAR (nothing is known of this user) by model v1");
}

TEST(NoteUnknownItems, IsSilentWithoutAny) {
  EXPECT_EQ(NoteFor(0, 0), "");
}

TEST(NoteUnknownItems, NamesTheFirstOnes) {
  EXPECT_EQ(NoteFor(2, 2), "not known to the model: 2 items: i0, i1\n");
  EXPECT_EQ(NoteFor(12, 5000),
            "not known to the model: 5,000 items: i0, i1, i2, i3, i4, i5, i6, i7, i8, i9, ...\n");
}

}  // namespace
}  // namespace ridgeline
