#ifndef RIDGELINE_CORE_INTERACTIONS_LINE_PARSER_H_
#define RIDGELINE_CORE_INTERACTIONS_LINE_PARSER_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/interactions/interaction.h"
#include "core/interactions/interaction_reader.h"

namespace ridgeline {

/// Turns the lines of one file, in order, into interactions; one class for each format. Thread-compatible.
class LineParser {
 public:
  virtual ~LineParser() = default;

  /// Sets `interactions` to what the next line, which is not empty, holds: none for a header, several for an
  /// adjacency list. They live as long as the line, and until the next call. kInvalidArgument with the reason
  /// when the line is bad; the lines after it can still be parsed. Ids are not validated yet.
  virtual absl::Status Parse(absl::string_view line, std::vector<InteractionView>* interactions) = 0;

  /// Whether no later line can change how lines are read. From then on clones may read the other lines, in
  /// any order and each on its own thread.
  virtual bool IsSettled() const = 0;

  /// Another parser that has seen the same lines.
  virtual std::unique_ptr<LineParser> Clone() const = 0;
};

/// The parser of `format`, which is not kAuto. Interactions without a time get `default_time`.
std::unique_ptr<LineParser> MakeLineParser(InteractionFormat format, absl::Time default_time);

/// The format that the first non-empty line of a file looks like, never adjacency; kInvalidArgument when it
/// looks like none.
absl::StatusOr<InteractionFormat> DetectFormat(absl::string_view first_line);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_LINE_PARSER_H_
