#ifndef RIDGELINE_CORE_BASE_DESCRIPTOR_H_
#define RIDGELINE_CORE_BASE_DESCRIPTOR_H_

#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace ridgeline {

/// A file descriptor, closed when it goes out of scope. Thread-compatible.
class Descriptor {
 public:
  /// Takes `fd`; a negative one is none.
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }

 private:
  const int fd_;
};

/// What errno says, as "`what` `path`: ...".
absl::Status ErrnoStatus(absl::string_view what, absl::string_view path);

/// What `error` of the standard library's file functions says, in the same words; OK when there is none.
absl::Status ErrorCodeStatus(const std::error_code& error, absl::string_view what, absl::string_view path);

/// Writes all of `bytes`. The disk's error, naming `path`.
absl::Status WriteAll(const Descriptor& file, absl::string_view bytes, absl::string_view path);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASE_DESCRIPTOR_H_
