#include "core/lab/data_flags.h"

#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/dataset/aggregation.h"
#include "core/dataset/interaction_table_reader.h"

namespace ridgeline {
namespace {

absl::Status AddOne(InteractionView interaction, const DataOptions& options, InteractionTableBuilder* part) {
  if (options.positive_threshold.has_value()) {
    if (interaction.value < *options.positive_threshold) return absl::OkStatus();
    interaction.value = 1.0f;
  }
  if (options.feedback == Feedback::kImplicit && interaction.value <= 0.0f) {
    return absl::InvalidArgumentError(absl::StrCat(
        "value: implicit weights must be positive, user '", interaction.user_id, "' has ", interaction.value,
        " for item '", interaction.item_id, "'; --positive-threshold turns ratings into positives"));
  }
  part->AddWeighed(interaction, options.event_weight);
  return absl::OkStatus();
}

void TellBadLines(const ReadReport& report, std::ostream& remarks) {
  for (const std::string& message : report.bad_line_messages) remarks << "skipped " << message << "\n";
  const auto told = static_cast<int64_t>(report.bad_line_messages.size());
  if (report.bad_lines > told) remarks << "skipped " << report.bad_lines - told << " more\n";
}

}  // namespace

void AddDataFlags(CLI::App& command, DataFlags* flags) {
  command
      .add_option("--format", flags->format,
                  "auto, csv, tsv, movielens, adjacency or jsonl; adjacency must be named")
      ->capture_default_str();
  command.add_option("--max-bad-lines", flags->max_bad_lines, "Unreadable lines to skip before giving up")
      ->capture_default_str();
  command.add_option("--positive-threshold", flags->positive_threshold,
                     "Implicit: keep values of at least this, each with weight 1");
}

absl::StatusOr<DataOptions> ResolveDataFlags(const DataFlags& flags, Feedback feedback) {
  DataOptions options;
  options.feedback = feedback;
  RIDGELINE_ASSIGN_OR_RETURN(options.reader.format, ParseInteractionFormat(flags.format));
  if (flags.max_bad_lines < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("max_bad_lines: must be at least 0, got ", flags.max_bad_lines));
  }
  options.reader.max_bad_lines = flags.max_bad_lines;
  if (!flags.positive_threshold.has_value()) return options;
  if (feedback != Feedback::kImplicit) {
    return absl::InvalidArgumentError(
        "positive_threshold: makes implicit feedback of ratings, use --feedback implicit");
  }
  if (!std::isfinite(*flags.positive_threshold)) {
    return absl::InvalidArgumentError("positive_threshold: must be a finite number");
  }
  options.positive_threshold = static_cast<float>(*flags.positive_threshold);
  return options;
}

absl::Status ReadInto(const std::string& path, const DataOptions& options, Arena& arena,
                      std::ostream& remarks, InteractionTableBuilder* builder) {
  BlockReaderOptions blocks;
  blocks.reader = options.reader;
  const PartAdder add = [&](const InteractionView& interaction, InteractionTableBuilder* part) {
    return AddOne(interaction, options, part);
  };
  RIDGELINE_ASSIGN_OR_RETURN(const ReadReport report,
                             ReadInteractionTable(path, blocks, arena, add, builder));
  TellBadLines(report, remarks);
  return absl::OkStatus();
}

absl::StatusOr<Split> ReadAndSplit(const std::string& path, const DataOptions& options,
                                   const SplitOptions& split, Arena& arena, std::ostream& remarks,
                                   EventWeight* weight) {
  InteractionTableBuilder builder;
  RIDGELINE_RETURN_IF_ERROR(ReadInto(path, options, arena, remarks, &builder));
  InteractionTable events = builder.Build();
  DecayFromNewest(events, *weight);
  return SplitInteractions(Aggregate(std::move(events), options.feedback), split);
}

}  // namespace ridgeline
