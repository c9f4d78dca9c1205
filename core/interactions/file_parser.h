#ifndef RIDGELINE_CORE_INTERACTIONS_FILE_PARSER_H_
#define RIDGELINE_CORE_INTERACTIONS_FILE_PARSER_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/interactions/interaction.h"
#include "core/interactions/interaction_reader.h"
#include "core/interactions/line_parser.h"

namespace ridgeline {

/// Turns the lines of one file into valid interactions, in the format that its first line has.
/// Thread-compatible.
class FileParser {
 public:
  explicit FileParser(const InteractionReaderOptions& options)
      : format_(options.format), default_time_(options.default_time) {}

  /// To be called before Parse, with the first non-empty line; does nothing afterwards. kInvalidArgument when
  /// the format was not named and cannot be told: the file cannot be read.
  absl::Status FindFormat(absl::string_view line) {
    return parser_ == nullptr ? MakeParser(line) : absl::OkStatus();
  }

  /// Parses a line, not empty, whole or not at all. kInvalidArgument with the reason when it is bad; the
  /// lines after it can still be parsed.
  absl::Status Parse(absl::string_view line);

  /// What the last line held, when it was good. They live as long as the line, and until the next Parse.
  const std::vector<InteractionView>& interactions() const { return interactions_; }

  /// Whether no later line can change how lines are read, see LineParser; so that clones may read the others.
  bool IsSettled() const { return parser_ != nullptr && parser_->IsSettled(); }

  /// Another parser that has seen the same lines. IsSettled() must be.
  FileParser Clone() const;

  /// kAuto until it is found.
  InteractionFormat format() const { return format_; }

 private:
  absl::Status MakeParser(absl::string_view first_line);

  InteractionFormat format_;
  absl::Time default_time_;
  std::unique_ptr<LineParser> parser_;  // made at the first non-empty line
  std::vector<InteractionView> interactions_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_FILE_PARSER_H_
