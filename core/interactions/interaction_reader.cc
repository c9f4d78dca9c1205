#include "core/interactions/interaction_reader.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/interactions/bad_lines.h"
#include "core/interactions/line_parser.h"
#include "core/interactions/line_source.h"

namespace ridgeline {
namespace {

struct FormatName {
  absl::string_view name;
  InteractionFormat format;
};

constexpr FormatName kFormatNames[] = {
    {"auto", InteractionFormat::kAuto},
    {"csv", InteractionFormat::kCsv},
    {"tsv", InteractionFormat::kTsv},
    {"movielens", InteractionFormat::kMovieLens},
    {"adjacency", InteractionFormat::kAdjacency},
    {"jsonl", InteractionFormat::kJsonLines},
};

// One reading of one file.
class Reading {
 public:
  Reading(const std::string& path, const InteractionReaderOptions& options, const InteractionSink& sink)
      : path_(path), options_(options), sink_(sink), bad_lines_(path, options.max_bad_lines) {
    report_.format = options.format;
  }

  absl::StatusOr<ReadReport> Run() {
    RIDGELINE_ASSIGN_OR_RETURN(LineSource lines, LineSource::Open(path_));
    while (true) {
      RIDGELINE_ASSIGN_OR_RETURN(const absl::optional<absl::string_view> line, lines.Next());
      if (!line.has_value()) break;
      report_.lines = lines.line_number();
      if (!line->empty()) RIDGELINE_RETURN_IF_ERROR(TakeLine(*line));
    }
    report_.bytes = lines.stored_bytes();
    report_.bad_lines = bad_lines_.count();
    report_.bad_line_messages = bad_lines_.messages();
    return std::move(report_);
  }

 private:
  absl::Status TakeLine(absl::string_view line) {
    if (parser_ == nullptr) RIDGELINE_RETURN_IF_ERROR(MakeParser(line));
    const absl::Status parsed = ParseAndValidate(line);
    if (!parsed.ok()) return bad_lines_.Add(report_.lines, parsed);
    for (Interaction& interaction : interactions_) RIDGELINE_RETURN_IF_ERROR(sink_(std::move(interaction)));
    report_.interactions += static_cast<int64_t>(interactions_.size());
    return absl::OkStatus();
  }

  absl::Status MakeParser(absl::string_view first_line) {
    if (report_.format == InteractionFormat::kAuto) {
      const absl::StatusOr<InteractionFormat> detected = DetectFormat(first_line);
      if (!detected.ok()) {
        return absl::InvalidArgumentError(
            absl::StrCat(path_, ":", report_.lines, ": ", detected.status().message()));
      }
      report_.format = *detected;
    }
    parser_ = MakeLineParser(report_.format, options_.default_time);
    return absl::OkStatus();
  }

  // All of a line before any of it is handed on: a line is taken whole or not at all.
  absl::Status ParseAndValidate(absl::string_view line) {
    RIDGELINE_RETURN_IF_ERROR(parser_->Parse(line, &interactions_));
    for (const Interaction& interaction : interactions_) {
      RIDGELINE_RETURN_IF_ERROR(ValidateInteraction(interaction));
    }
    return absl::OkStatus();
  }

  const std::string& path_;
  const InteractionReaderOptions& options_;
  const InteractionSink& sink_;
  BadLines bad_lines_;
  ReadReport report_;
  std::unique_ptr<LineParser> parser_;     // made at the first non-empty line
  std::vector<Interaction> interactions_;  // of the current line
};

}  // namespace

absl::StatusOr<InteractionFormat> ParseInteractionFormat(absl::string_view name) {
  for (const FormatName& candidate : kFormatNames) {
    if (name == candidate.name) return candidate.format;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("format: must be auto, csv, tsv, movielens, adjacency or jsonl, got '", name, "'"));
}

absl::StatusOr<ReadReport> ReadInteractions(const std::string& path, const InteractionReaderOptions& options,
                                            const InteractionSink& sink) {
  return Reading(path, options, sink).Run();
}

}  // namespace ridgeline
