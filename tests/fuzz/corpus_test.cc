#include <algorithm>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "gtest/gtest.h"
#include "tests/fuzz/fuzz_target.h"

namespace ridgeline {

// How test lists call it.
void PrintTo(const FuzzTarget& target, std::ostream* stream) {
  *stream << target.name;
}

namespace {

std::vector<std::string> FilesBelow(const std::string& directory) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

class FuzzCorpusTest : public testing::TestWithParam<FuzzTarget> {};

// A claim that does not hold ends the program, saying which.
TEST_P(FuzzCorpusTest, EveryClaimHoldsForEveryInput) {
  const std::vector<std::string> files = FilesBelow(std::string(RIDGELINE_FUZZ_CORPUS "/") + GetParam().name);
  EXPECT_FALSE(files.empty());
  GetParam().run("");
  for (const std::string& file : files) {
    SCOPED_TRACE(file);
    GetParam().run(ReadFile(file).value());
  }
}

std::string NameOf(const testing::TestParamInfo<FuzzTarget>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Fuzz, FuzzCorpusTest, testing::ValuesIn(FuzzTargets()), NameOf);

}  // namespace
}  // namespace ridgeline
