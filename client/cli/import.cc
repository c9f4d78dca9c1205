#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cli/commands.h"
#include "client/cli/exit_code.h"
#include "client/cli/format.h"
#include "client/cli/progress.h"
#include "client/cli/proto_time.h"
#include "core/interactions/interaction_reader.h"

namespace ridgeline {
namespace {

constexpr char kImportExamples[] =
    "ridgeline import ratings.csv\n"
    "ridgeline import ratings.csv --positive-threshold 4     # ratings of 4 and more as likes\n"
    "ridgeline import events.jsonl.gz --event-id-prefix 2026-01-31 --max-bad-lines 10\n"
    "ridgeline import baskets.txt --format adjacency";

struct ImportFlags {
  std::string path;
  std::string format = "auto";
  std::optional<float> positive_threshold;
  int64_t max_bad_lines = 0;
  int batch = 1000;
  std::string event_id_prefix;
};

void DeclareFlags(CLI::App& command, ImportFlags& flags) {
  command.add_option("FILE", flags.path, "The file, plain or compressed with gzip or zstd")->required();
  command.add_option("--format", flags.format, "auto, csv, tsv, movielens, adjacency or jsonl; default auto");
  command.add_option("--positive-threshold", flags.positive_threshold,
                     "Import only values of at least this, each as a weight of 1");
  command.add_option("--max-bad-lines", flags.max_bad_lines, "How many unreadable lines to skip; default 0")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  command.add_option("--batch", flags.batch, "Interactions a message, 1 to 10000; default 1000")
      ->check(CLI::Range(1, 10000))
      ->type_name("N");
  command.add_option(
      "--event-id-prefix", flags.event_id_prefix,
      "Give interactions without an event id this and their number in the file as one, so that the "
      "same import can be run again without recording anything twice");
}

// The interactions of a file as the flags want them sent.
class ImportSource {
 public:
  // `flags` must outlive the object. A usage error for an unknown format.
  static absl::StatusOr<ImportSource> Open(const ImportFlags& flags) {
    const absl::StatusOr<InteractionFormat> format = ParseInteractionFormat(flags.format);
    if (!format.ok()) return UsageError(absl::StrCat("--format: ", format.status().message()));
    InteractionReaderOptions options;
    options.format = *format;
    options.max_bad_lines = flags.max_bad_lines;
    options.default_time = absl::Now();
    return ImportSource(flags, options);
  }

  // Hands `send` each interaction to import. Errors of ReadInteractions and of `send`.
  absl::StatusOr<ReadReport> Read(const InteractionSink& send) const {
    int64_t number = 0;
    return ReadInteractions(flags_.path, options_, [&](Interaction&& interaction) {
      ++number;
      return Prepare(number, interaction) ? send(std::move(interaction)) : absl::OkStatus();
    });
  }

 private:
  ImportSource(const ImportFlags& flags, const InteractionReaderOptions& options)
      : flags_(flags), options_(options) {}

  // False when the interaction, the `number`th of the file, is not wanted.
  bool Prepare(int64_t number, Interaction& interaction) const {
    if (flags_.positive_threshold.has_value()) {
      if (interaction.value < *flags_.positive_threshold) return false;
      interaction.value = 1;
    }
    if (interaction.event_id.empty() && !flags_.event_id_prefix.empty()) {
      interaction.event_id = absl::StrCat(flags_.event_id_prefix, "-", number);
    }
    return true;
  }

  const ImportFlags& flags_;
  InteractionReaderOptions options_;
};

// Fills in one message of the stream after another.
class BatchSender {
 public:
  // Both must outlive the object; `total` interactions are expected.
  BatchSender(ImportWriter& writer, int batch, Output& output, int64_t total)
      : writer_(writer), batch_(batch), progress_(output, total, absl::Now) {}

  absl::Status Send(Interaction&& interaction) {
    v1::Interaction* message = request_.add_interactions();
    message->set_user_id(std::move(interaction.user_id));
    message->set_item_id(std::move(interaction.item_id));
    message->set_value(interaction.value);
    *message->mutable_time() = ToTimestamp(interaction.time);
    message->set_event_id(std::move(interaction.event_id));
    message->set_event_type(std::move(interaction.event_type));
    message->set_recommendation_id(std::move(interaction.recommendation_id));
    return request_.interactions_size() < batch_ ? absl::OkStatus() : Flush();
  }

  // Sends what is left of the last batch.
  absl::Status Flush() {
    if (request_.interactions_size() == 0) return absl::OkStatus();
    absl::Status status = writer_.Write(request_);
    sent_ += request_.interactions_size();
    request_.Clear();  // keeps the memory for the next batch
    progress_.Update(sent_);
    return status;
  }

 private:
  ImportWriter& writer_;
  const int batch_;
  Progress progress_;
  int64_t sent_ = 0;
  v1::ImportInteractionsRequest request_;
};

// The whole file is read before anything is sent: a bad line then leaves the server as it was, and progress
// has an end.
absl::StatusOr<int64_t> CheckFile(const ImportSource& source, Output& output) {
  int64_t wanted = 0;
  const absl::StatusOr<ReadReport> report = source.Read([&wanted](Interaction&&) {
    ++wanted;
    return absl::OkStatus();
  });
  if (!report.ok()) return report.status();
  for (const std::string& message : report->bad_line_messages) output.Note(absl::StrCat("skipped ", message));
  if (report->bad_lines > 0)
    output.Note(absl::StrCat(FormatCount(report->bad_lines, "line", "lines"), " skipped"));
  if (wanted < report->interactions) {
    output.Note(absl::StrCat(FormatCount(report->interactions - wanted, "interaction", "interactions"),
                             " below the threshold left out"));
  }
  return wanted;
}

absl::StatusOr<v1::ImportInteractionsResponse> SendFile(const ImportSource& source, int64_t total, int batch,
                                                        Session& session) {
  const std::unique_ptr<ImportWriter> writer = session.client.ImportInteractions();
  BatchSender sender(*writer, batch, session.output, total);
  const absl::StatusOr<ReadReport> report =
      source.Read([&sender](Interaction&& interaction) { return sender.Send(std::move(interaction)); });
  if (!report.ok()) return report.status();
  absl::Status status = sender.Flush();
  if (!status.ok()) return status;
  return writer->Finish();
}

absl::Status Run(const ImportFlags& flags, Session& session) {
  const absl::StatusOr<ImportSource> source = ImportSource::Open(flags);
  if (!source.ok()) return source.status();
  const absl::StatusOr<int64_t> total = CheckFile(*source, session.output);
  if (!total.ok()) return total.status();
  const absl::StatusOr<v1::ImportInteractionsResponse> response =
      SendFile(*source, *total, flags.batch, session);
  if (!response.ok()) return response.status();
  if (session.output.json()) return session.output.PrintJson(*response), absl::OkStatus();
  session.output.PrintLine(absl::StrCat(
      "imported ", FormatCount(response->recorded_count(), "interaction", "interactions"), " from ",
      flags.path, ", ", FormatCount(response->duplicate_count(), "duplicate", "duplicates")));
  return absl::OkStatus();
}

}  // namespace

void AddImportCommand(CommandScope scope) {
  auto flags = std::make_shared<ImportFlags>();
  CLI::App& command = AddCommand(scope, "import", "Record the interactions of a file", kImportExamples,
                                 [flags](Session& session) { return Run(*flags, session); });
  DeclareFlags(command, *flags);
}

}  // namespace ridgeline
