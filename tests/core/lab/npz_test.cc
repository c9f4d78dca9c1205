#include "core/lab/npz.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/lab/lab_run.h"
#include "tests/core/lab/npy_bytes.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ReadNpzTest : public testing::Test {
 protected:
  const TempDir directory_;
  const std::string path_ = directory_.File("model.npz");
};

TEST_F(ReadNpzTest, ReadsTheArraysThatAreAskedForAndThere) {
  WriteArchive(
      path_,
      {{"a.npy", NpyOfFloats("(2,)", {1, 2})}, {"b.npy", "no array"}, {"c.npy", NpyOfFloats("()", {3})}});
  const auto tensors = ReadNpz(path_, {"a", "c", "absent"});
  ASSERT_TRUE(tensors.ok()) << tensors.status();
  EXPECT_EQ(tensors->size(), 2u);
  EXPECT_THAT(tensors->at("a").values, ElementsAre(1, 2));
  EXPECT_THAT(tensors->at("c").values, ElementsAre(3));
}

TEST_F(ReadNpzTest, NamesTheFileAndTheArray) {
  WriteArchive(path_, {{"b.npy", "no array"}});
  const absl::Status status = ReadNpz(path_, {"b"}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("model.npz: b: "));
}

TEST_F(ReadNpzTest, RefusesDamagedArchives) {
  EXPECT_EQ(ReadNpz(path_, {"a"}).status().code(), absl::StatusCode::kNotFound);
  WriteText(path_, "this is no archive");
  EXPECT_EQ(ReadNpz(path_, {"a"}).status().code(), absl::StatusCode::kInvalidArgument);
  WriteArchive(path_, {{"a.npy", NpyOfFloats("(2,)", {1, 2})}});
  std::string bytes = ReadFile(path_).value();
  bytes[bytes.find("NUMPY") + 2] ^= 1;  // its checksum does not match any more
  WriteText(path_, bytes);
  EXPECT_FALSE(ReadNpz(path_, {"a"}).ok());
  WriteText(path_, bytes.substr(0, bytes.size() / 2));
  EXPECT_FALSE(ReadNpz(path_, {"a"}).ok());
}

}  // namespace
}  // namespace ridgeline
