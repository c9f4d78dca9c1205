#ifndef RIDGELINE_TESTS_SUPPORT_LONG_FORM_H_
#define RIDGELINE_TESTS_SUPPORT_LONG_FORM_H_

#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/strings/numbers.h"
#include "gtest/gtest.h"

namespace ridgeline {

/// Whether tests that have a short and a long form run the long one, as `tests/reliability/run --long` asks.
inline bool LongForm() {
  return std::getenv("RIDGELINE_LONG_TESTS") != nullptr;
}

/// How often a test repeats what it does: the number in the environment variable `name`, or `usually`. A text
/// that is no number fails the test.
inline int Repetitions(const char* name, int usually) {
  const char* const wanted = std::getenv(name);
  int repetitions = usually;
  EXPECT_TRUE(wanted == nullptr || absl::SimpleAtoi(wanted, &repetitions)) << name << "=" << wanted;
  return repetitions;
}

/// Prints a figure that tests/reliability/run puts into its table.
inline void ReportFigure(const std::string& figure) {
  std::printf("[figure] %s\n", figure.c_str());
  std::fflush(stdout);
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_SUPPORT_LONG_FORM_H_
