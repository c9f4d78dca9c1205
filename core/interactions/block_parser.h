#ifndef RIDGELINE_CORE_INTERACTIONS_BLOCK_PARSER_H_
#define RIDGELINE_CORE_INTERACTIONS_BLOCK_PARSER_H_

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/interactions/file_parser.h"
#include "core/interactions/line_source.h"

namespace ridgeline {

/// Takes one interaction, whose texts live for the call; a status other than OK ends the reading.
using InteractionViewSink = std::function<absl::Status(const InteractionView& interaction)>;

/// What the lines of a block came to. Line numbers count from the block's first line, which is 1.
struct ParsedBlock {
  int64_t lines = 0;  ///< all of the block's, or up to the one at which it was given up
  int64_t interactions = 0;
  std::vector<std::pair<int64_t, absl::Status>> bad_lines;  ///< in their order, each with why
  absl::Status fatal_line;  ///< why the file cannot be read, from the last of `lines` on
  absl::Status failure;     ///< not about a line: of the sink, or of the source of the block
};

/// What is taken of a block.
struct BlockLimits {
  size_t max_line_bytes = kMaxLineBytes;
  int64_t max_bad_lines = 0;  ///< a block with more is given up
};

/// Hands what the lines of `text` hold to `sink`, in their order. A byte order mark is skipped where the text
/// `begins_file`.
ParsedBlock ParseBlock(absl::string_view text, bool begins_file, const BlockLimits& limits,
                       FileParser* parser, const InteractionViewSink& sink);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_BLOCK_PARSER_H_
