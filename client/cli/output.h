#ifndef RIDGELINE_CLIENT_CLI_OUTPUT_H_
#define RIDGELINE_CLIENT_CLI_OUTPUT_H_

#include <ostream>

#include "absl/strings/string_view.h"
#include "client/cli/table.h"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace ridgeline {

/// Where the program reads and writes.
struct Streams {
  std::istream* in;
  std::ostream* out;
  std::ostream* err;
  bool err_is_terminal = false;  ///< whether a progress line on `err` may overwrite itself
};

/// What a command says: results on the output stream, as tables and sentences for people or as JSON for
/// scripts; everything else on the error stream. Thread-compatible.
class Output {
 public:
  /// The streams are not owned and must outlive the object.
  Output(const Streams& streams, bool json) : streams_(streams), json_(json) {}

  /// Whether results are to be printed by PrintJson.
  bool json() const { return json_; }

  /// A message as one line of proto JSON: field names as in the schema, default values included.
  void PrintJson(const google::protobuf::Message& message);

  /// A table, or the sentence `if_empty` instead of one without rows.
  void PrintTable(const Table& table, absl::string_view if_empty);

  /// One line of the result.
  void PrintLine(absl::string_view line);

  /// One line beside the result.
  void Note(absl::string_view line);

  /// The state of long work: overwrites the line before on a terminal, is a line of its own elsewhere.
  void ShowProgress(absl::string_view line);

  /// False once something could not be written to the output stream, e.g. on a full disk.
  bool Flush();

  bool err_is_terminal() const { return streams_.err_is_terminal; }

 private:
  void EndProgressLine();

  const Streams streams_;
  const bool json_;
  bool in_progress_line_ = false;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_OUTPUT_H_
