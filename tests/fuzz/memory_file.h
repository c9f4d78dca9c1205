#ifndef RIDGELINE_TESTS_FUZZ_MEMORY_FILE_H_
#define RIDGELINE_TESTS_FUZZ_MEMORY_FILE_H_

#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tests/fuzz/fuzz_target.h"

namespace ridgeline {

/// A file without a disk, for what reads paths; nothing remains of it when a fuzzer is killed.
/// Thread-compatible.
class MemoryFile {
 public:
  MemoryFile()
      : descriptor_(memfd_create("input", MFD_CLOEXEC)), path_(absl::StrCat("/proc/self/fd/", descriptor_)) {
    Require(descriptor_ >= 0, "there is memory for a file");
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  /// Where it can be opened.
  const std::string& path() const { return path_; }

  /// Replaces all that it holds.
  void Write(absl::string_view bytes) {
    const bool written = ftruncate(descriptor_, 0) == 0 && pwrite(descriptor_, bytes.data(), bytes.size(),
                                                                  0) == static_cast<ssize_t>(bytes.size());
    Require(written, "a file in memory can be written");
  }

 private:
  const int descriptor_;
  const std::string path_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_FUZZ_MEMORY_FILE_H_
