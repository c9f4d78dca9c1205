#include "core/lab/peak_memory.h"

#include <fstream>
#include <limits>
#include <string>

#include "absl/strings/string_view.h"

namespace ridgeline {

namespace {

// A field of /proc/self/status, which counts in kibibytes.
int64_t ReadStatus(absl::string_view name) {
  std::ifstream status("/proc/self/status");
  std::string field;
  int64_t kibibytes = 0;
  while (status >> field && field != name) status.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  status >> kibibytes;
  return kibibytes * 1024;
}

}  // namespace

// getrusage would count what the process that started this one had resident before it became this program.
int64_t PeakResidentBytes() {
  return ReadStatus("VmHWM:");
}

int64_t ResidentBytes() {
  return ReadStatus("VmRSS:");
}

}  // namespace ridgeline
