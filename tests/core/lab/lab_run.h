#ifndef RIDGELINE_TESTS_CORE_LAB_LAB_RUN_H_
#define RIDGELINE_TESTS_CORE_LAB_LAB_RUN_H_

#include <sstream>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/lab/lab.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace ridgeline {

/// What a run of ridgeline-lab printed and returned.
struct LabRun {
  int exit_code = 0;
  std::string out;
  std::string err;

  /// The JSON object that was printed; null when it was none.
  nlohmann::json Json() const { return nlohmann::json::parse(out, nullptr, false); }
};

/// Runs ridgeline-lab in this process with `arguments`, the program's name not among them.
inline LabRun RunLabWith(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv = {"ridgeline-lab"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  std::ostringstream out, err;
  const int exit_code = RunLab(static_cast<int>(argv.size()), argv.data(), {out, err});
  return {exit_code, out.str(), err.str()};
}

/// Writes `text` to `path`.
inline void WriteText(const std::string& path, const std::string& text) {
  ASSERT_TRUE(WriteFileDurably(path, {text}).ok());
}

/// The arguments `first` and then `second`.
inline std::vector<std::string> Joined(std::vector<std::string> first,
                                       const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_LAB_LAB_RUN_H_
