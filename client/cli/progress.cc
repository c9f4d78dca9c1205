#include "client/cli/progress.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/cli/format.h"

namespace ridgeline {

std::string RenderBar(double share, int cells) {
  const int filled = std::clamp(static_cast<int>(share * cells), 0, cells);
  return absl::StrCat("[", std::string(filled, '#'), std::string(cells - filled, '-'), "]");
}

std::string RenderRate(int64_t done, int64_t total, absl::Duration elapsed) {
  std::string text = absl::StrCat(FormatCount(done), " of ", FormatCount(total));
  if (done <= 0 || elapsed <= absl::ZeroDuration()) return text;
  const double rate = static_cast<double>(done) / absl::ToDoubleSeconds(elapsed);
  absl::StrAppend(&text, "  ", FormatCount(static_cast<int64_t>(rate)), "/s");
  if (done < total) {
    const absl::Duration left =
        absl::Ceil(absl::Seconds(static_cast<double>(total - done) / rate), absl::Seconds(1));
    absl::StrAppend(&text, "  ", FormatSpan(left), " left");
  }
  return text;
}

Progress::Progress(Output& output, int64_t total, Now now)
    : output_(output), total_(total), now_(std::move(now)), start_(now_()) {}

void Progress::Update(int64_t done) {
  const int64_t percent = total_ > 0 ? 100 * done / total_ : 100;
  const int64_t step = output_.err_is_terminal() ? 1 : 10;
  if (shown_percent_ >= 0 && percent / step == shown_percent_ / step) return;
  shown_percent_ = percent;
  const std::string rate = RenderRate(done, total_, now_() - start_);
  const double share = static_cast<double>(percent) / 100;
  const std::string bar = output_.err_is_terminal() ? absl::StrCat(RenderBar(share, 30), " ") : "";
  output_.ShowProgress(absl::StrFormat("%s%3d%%  %s", bar, percent, rate));
}

}  // namespace ridgeline
