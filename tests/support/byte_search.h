#ifndef RIDGELINE_TESTS_SUPPORT_BYTE_SEARCH_H_
#define RIDGELINE_TESTS_SUPPORT_BYTE_SEARCH_H_

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

namespace ridgeline {

/// The files below `folder` that contain `bytes`, or have them in their names.
inline std::vector<std::string> FilesWith(const std::string& bytes, const std::string& folder) {
  std::vector<std::string> found;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    const std::string path = it->path().string();
    if (!it->is_regular_file(error)) continue;
    std::ifstream stream(path, std::ios::binary);
    const std::string content((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    if (content.find(bytes) != std::string::npos || path.find(bytes) != std::string::npos)
      found.push_back(path);
  }
  return found;
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_SUPPORT_BYTE_SEARCH_H_
