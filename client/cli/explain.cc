#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "client/cli/answer.h"
#include "client/cli/commands.h"
#include "client/cli/format.h"
#include "client/cli/subject_flags.h"

namespace ridgeline {
namespace {

constexpr char kExplainExamples[] =
    "ridgeline explain --user 42 --item 1210\n"
    "ridgeline explain --history 'matrix=5,titanic=1' --item 1210 --max-parts 3";

struct ExplainFlags {
  SubjectFlags subject;
  std::string item;
  std::optional<int32_t> max_parts;
};

void Print(const v1::ExplainResponse& response, Output& output) {
  if (output.json()) return output.PrintJson(response);
  Table table({{"PART"}, {"TITLE", Table::Align::kLeft, kMaxTitleWidth}, {"ADDS", Table::Align::kRight}});
  const auto add = [&](const char* name, float amount) {
    if (amount != 0) table.AddRow({name, "", FormatScore(amount)});
  };
  add("(mean of all values)", response.global_mean());
  add("(the user's bias)", response.user_bias());
  add("(the item's bias)", response.item_bias());
  for (const v1::ExplanationPart& part : response.parts()) {
    table.AddRow({part.item_id(), part.title(), FormatScore(part.contribution())});
  }
  add("(everything else)", response.other_contribution());
  table.AddRow({"= score", response.title().empty() ? response.item_id() : response.title(),
                FormatScore(response.score())});
  output.PrintTable(table, "");
  output.PrintLine(Provenance(response.source(), response.model_version()));
  NoteUnknownItems(response.unknown_item_ids(), response.unknown_item_ids_size(), output);
}

absl::Status Run(const ExplainFlags& flags, Session& session) {
  absl::StatusOr<Subject> subject = ReadSubject(flags.subject, session.input);
  if (!subject.ok()) return subject.status();
  v1::ExplainRequest request;
  SetSubject(*std::move(subject), request);
  request.set_item_id(flags.item);
  if (flags.max_parts.has_value()) request.set_max_parts(*flags.max_parts);
  const absl::StatusOr<v1::ExplainResponse> response = session.client.Explain(request);
  if (!response.ok()) return response.status();
  Print(*response, session.output);
  return absl::OkStatus();
}

}  // namespace

void AddExplainCommand(CommandScope scope) {
  auto flags = std::make_shared<ExplainFlags>();
  CLI::App& command =
      AddCommand(scope, "explain", "Print the parts that a score is the sum of", kExplainExamples,
                 [flags](Session& session) { return Run(*flags, session); });
  AddSubjectFlags(command, flags->subject, /*vectors=*/false);
  command.add_option("--item", flags->item, "The item whose score is explained")->type_name("ID")->required();
  command.add_option("--max-parts", flags->max_parts, "How many items of the history to name; default all")
      ->type_name("N");
}

}  // namespace ridgeline
