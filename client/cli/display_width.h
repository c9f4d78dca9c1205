#ifndef RIDGELINE_CLIENT_CLI_DISPLAY_WIDTH_H_
#define RIDGELINE_CLIENT_CLI_DISPLAY_WIDTH_H_

#include <string>

#include "absl/strings/string_view.h"

namespace ridgeline {

/// Columns that `text`, UTF-8, takes on a terminal: 0 for combining marks, 2 for East Asian wide characters
/// and emoji, 1 for others; a byte that is not UTF-8 counts as one column.
int DisplayWidth(absl::string_view text);

/// The longest beginning of `text` that takes at most `width` columns; if that is not all of it, one column
/// goes to a closing ellipsis. `width` is at least 1.
std::string TruncateToWidth(absl::string_view text, int width);

/// `text` with control characters replaced by spaces, so that a title can neither break a table nor command a
/// terminal.
std::string Printable(absl::string_view text);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_DISPLAY_WIDTH_H_
