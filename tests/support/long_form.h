#ifndef RIDGELINE_TESTS_SUPPORT_LONG_FORM_H_
#define RIDGELINE_TESTS_SUPPORT_LONG_FORM_H_

#include <cstdio>
#include <cstdlib>
#include <string>

namespace ridgeline {

/// Whether tests that have a short and a long form run the long one, as `tests/reliability/run --long` asks.
inline bool LongForm() {
  return std::getenv("RIDGELINE_LONG_TESTS") != nullptr;
}

/// Prints a figure that tests/reliability/run puts into its table.
inline void ReportFigure(const std::string& figure) {
  std::printf("[figure] %s\n", figure.c_str());
  std::fflush(stdout);
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_SUPPORT_LONG_FORM_H_
