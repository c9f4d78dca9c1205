#include "core/interactions/file_parser.h"

#include "core/base/status_macros.h"

namespace ridgeline {

absl::Status FileParser::Parse(absl::string_view line) {
  RIDGELINE_RETURN_IF_ERROR(parser_->Parse(line, &interactions_));
  for (const InteractionView& interaction : interactions_) {
    RIDGELINE_RETURN_IF_ERROR(ValidateInteraction(interaction));
  }
  return absl::OkStatus();
}

FileParser FileParser::Clone() const {
  InteractionReaderOptions options;
  options.format = format_;
  options.default_time = default_time_;
  FileParser clone(options);
  clone.parser_ = parser_->Clone();
  return clone;
}

absl::Status FileParser::MakeParser(absl::string_view first_line) {
  if (format_ == InteractionFormat::kAuto) {
    RIDGELINE_ASSIGN_OR_RETURN(format_, DetectFormat(first_line));
  }
  parser_ = MakeLineParser(format_, default_time_);
  return absl::OkStatus();
}

}  // namespace ridgeline
