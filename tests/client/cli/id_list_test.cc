#include "client/cli/id_list.h"

#include <fstream>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> ReadIds(const std::string& argument, const std::string& input = "") {
  std::istringstream stream(input);
  return *ReadList(argument, stream);
}

TEST(IdList, SplitsAtCommasAndDropsBlanks) {
  EXPECT_THAT(ReadIds("a,b,c"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(ReadIds(" a , two words ,,"), ElementsAre("a", "two words"));
  EXPECT_THAT(ReadIds(""), IsEmpty());
}

TEST(IdList, ReadsOneElementALineFromTheInput) {
  EXPECT_THAT(ReadIds("-", "a\r\n\n  b,c  \nd"), ElementsAre("a", "b,c", "d"));
}

TEST(IdList, ReadsOneElementALineFromAFile) {
  const std::string path = testing::TempDir() + "/ridgeline_id_list_test.txt";
  std::ofstream(path) << "g++\nlibc6\n";
  EXPECT_THAT(ReadIds("@" + path), ElementsAre("g++", "libc6"));
}

TEST(IdList, NamesTheFileThatCannotBeRead) {
  std::istringstream input;
  const absl::Status status = ReadList("@/no/such/file", input).status();
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_THAT(std::string(status.message()), testing::StartsWith("/no/such/file:"));
}

TEST(IdList, JoinsRepeatedFlagsInOrder) {
  std::istringstream input("x\ny\n");
  EXPECT_THAT(*ReadLists({"a,b", "-", "c"}, input), ElementsAre("a", "b", "x", "y", "c"));
}

}  // namespace
}  // namespace ridgeline
