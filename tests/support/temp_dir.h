#ifndef RIDGELINE_TESTS_SUPPORT_TEMP_DIR_H_
#define RIDGELINE_TESTS_SUPPORT_TEMP_DIR_H_

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "gtest/gtest.h"

namespace ridgeline {

/// A directory of its own for one test, removed with all it holds at the end. Thread-compatible.
class TempDir {
 public:
  TempDir() : path_(testing::TempDir() + "ridgeline-XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "cannot make a directory like " << path_;
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::string& path() const { return path_; }

  /// The path of `name` inside.
  std::string File(const std::string& name) const { return path_ + "/" + name; }

  /// Writes `bytes` to the file `name` inside and returns its path.
  std::string Write(const std::string& name, const std::string& bytes) const {
    std::ofstream stream(File(name), std::ios::binary);
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!stream.flush()) ADD_FAILURE() << "cannot write " << File(name);
    return File(name);
  }

 private:
  std::string path_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_SUPPORT_TEMP_DIR_H_
