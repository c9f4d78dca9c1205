#ifndef RIDGELINE_CLIENT_CLI_PROGRESS_H_
#define RIDGELINE_CLIENT_CLI_PROGRESS_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/time/time.h"
#include "client/cli/output.h"

namespace ridgeline {

/// "[#####-----]" with `cells` cells, `share` (0 to 1) of them filled.
std::string RenderBar(double share, int cells);

/// "3 of 10  120/s  7s left" after `elapsed`; rate and rest only once both counts and time have moved.
std::string RenderRate(int64_t done, int64_t total, absl::Duration elapsed);

/// Shows how far a piece of work of known size is: a bar on a terminal, redrawn at each percent; elsewhere a
/// line at each tenth. Thread-compatible.
class Progress {
 public:
  using Now = std::function<absl::Time()>;

  /// Work of `total` units, which may be 0; `output` is not owned and must outlive the object.
  Progress(Output& output, int64_t total, Now now);

  /// `done` of the units are finished.
  void Update(int64_t done);

 private:
  Output& output_;
  const int64_t total_;
  const Now now_;
  const absl::Time start_;
  int64_t shown_percent_ = -1;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_PROGRESS_H_
