#include "core/interactions/block_parser.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "core/interactions/block_source.h"

namespace ridgeline {
namespace {

// One parsing of one block.
class BlockParsing {
 public:
  BlockParsing(const BlockLimits& limits, FileParser* parser, const InteractionViewSink& sink)
      : limits_(limits), parser_(*parser), sink_(sink) {}

  ParsedBlock Run(absl::string_view text, bool begins_file) {
    while (!text.empty() && !IsGivenUp()) {
      const absl::string_view line = TakeLine(&text);
      ++parsed_.lines;
      const bool may_have_mark = begins_file && parsed_.lines == 1;
      Take(may_have_mark ? absl::StripPrefix(line, kByteOrderMark) : line, line.size());
    }
    return std::move(parsed_);
  }

 private:
  bool IsGivenUp() const {
    return !parsed_.fatal_line.ok() || !parsed_.failure.ok() ||
           static_cast<int64_t>(parsed_.bad_lines.size()) > limits_.max_bad_lines;
  }

  void Take(absl::string_view line, size_t bytes) {
    if (bytes > limits_.max_line_bytes) {
      parsed_.fatal_line = absl::InvalidArgumentError(
          absl::StrCat("the line is longer than ", limits_.max_line_bytes, " bytes"));
      return;
    }
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) return;
    parsed_.fatal_line = parser_.FindFormat(line);
    if (parsed_.fatal_line.ok()) Parse(line);
  }

  void Parse(absl::string_view line) {
    absl::Status parsed = parser_.Parse(line);
    if (!parsed.ok()) {
      parsed_.bad_lines.emplace_back(parsed_.lines, std::move(parsed));
      return;
    }
    for (const InteractionView& interaction : parser_.interactions()) {
      parsed_.failure = sink_(interaction);
      if (!parsed_.failure.ok()) return;
    }
    parsed_.interactions += static_cast<int64_t>(parser_.interactions().size());
  }

  const BlockLimits& limits_;
  FileParser& parser_;
  const InteractionViewSink& sink_;
  ParsedBlock parsed_;
};

}  // namespace

ParsedBlock ParseBlock(absl::string_view text, bool begins_file, const BlockLimits& limits,
                       FileParser* parser, const InteractionViewSink& sink) {
  return BlockParsing(limits, parser, sink).Run(text, begins_file);
}

}  // namespace ridgeline
