#include "client/cli/output.h"

#include <string>

#include "client/cli/display_width.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"

namespace ridgeline {

void Output::PrintJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string line;
  // Fails only for types that are not ours (an Any of an unknown type).
  const auto status = google::protobuf::util::MessageToJsonString(message, &line, options);
  if (!status.ok()) return Note("the answer has no JSON form");
  EndProgressLine();
  *streams_.out << line << '\n';
  streams_.out->flush();  // a reader of a stream wants each line when it comes
}

void Output::PrintTable(const Table& table, absl::string_view if_empty) {
  if (table.empty()) return PrintLine(if_empty);
  EndProgressLine();
  *streams_.out << table.Render();
}

void Output::PrintLine(absl::string_view line) {
  EndProgressLine();
  *streams_.out << Printable(line) << '\n';
}

void Output::Note(absl::string_view line) {
  EndProgressLine();
  *streams_.err << Printable(line) << std::endl;
}

void Output::ShowProgress(absl::string_view line) {
  if (!streams_.err_is_terminal) return Note(line);
  // Back to the margin and clear to the end of the line.
  *streams_.err << "\r\033[K" << Printable(line) << std::flush;
  in_progress_line_ = true;
}

bool Output::Flush() {
  EndProgressLine();
  streams_.out->flush();
  return streams_.out->good();
}

void Output::EndProgressLine() {
  if (in_progress_line_) *streams_.err << std::endl;
  in_progress_line_ = false;
}

}  // namespace ridgeline
