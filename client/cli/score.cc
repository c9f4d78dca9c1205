#include <memory>
#include <string>
#include <vector>

#include "client/cli/answer.h"
#include "client/cli/commands.h"
#include "client/cli/format.h"
#include "client/cli/id_list.h"
#include "client/cli/subject_flags.h"

namespace ridgeline {
namespace {

constexpr char kScoreExamples[] =
    "ridgeline score --user 42 --item 1210,260,541\n"
    "ridgeline score --history 'matrix=5' --item @candidates.txt --json";

struct ScoreFlags {
  SubjectFlags subject;
  std::vector<std::string> items;
};

absl::StatusOr<v1::ScoreItemsRequest> BuildRequest(const ScoreFlags& flags, std::istream& input) {
  v1::ScoreItemsRequest request;
  absl::StatusOr<Subject> subject = ReadSubject(flags.subject, input);
  if (!subject.ok()) return subject.status();
  SetSubject(*std::move(subject), request);
  const absl::StatusOr<std::vector<std::string>> items = ReadLists(flags.items, input);
  if (!items.ok()) return items.status();
  request.mutable_item_ids()->Assign(items->begin(), items->end());
  return request;
}

void Print(const v1::ScoreItemsResponse& response, Output& output) {
  if (output.json()) return output.PrintJson(response);
  Table table({{"ITEM"}, {"TITLE", Table::Align::kLeft, kMaxTitleWidth}, {"SCORE", Table::Align::kRight}});
  for (const v1::ItemScore& score : response.scores()) {
    table.AddRow(
        {score.item_id(), score.title(), score.has_score() ? FormatScore(score.score()) : "unknown item"});
  }
  output.PrintTable(table, "no item given");
  output.PrintLine(Provenance(response.source(), response.model_version()));
  NoteUnknownItems(response.unknown_item_ids(), response.unknown_item_ids_size(), output);
}

absl::Status Run(const ScoreFlags& flags, Session& session) {
  const absl::StatusOr<v1::ScoreItemsRequest> request = BuildRequest(flags, session.input);
  if (!request.ok()) return request.status();
  const absl::StatusOr<v1::ScoreItemsResponse> response = session.client.ScoreItems(*request);
  if (!response.ok()) return response.status();
  Print(*response, session.output);
  return absl::OkStatus();
}

}  // namespace

void AddScoreCommand(CommandScope scope) {
  auto flags = std::make_shared<ScoreFlags>();
  CLI::App& command = AddCommand(scope, "score", "Print the scores of given items", kScoreExamples,
                                 [flags](Session& session) { return Run(*flags, session); });
  AddSubjectFlags(command, flags->subject, /*vectors=*/true);
  AddListFlag(command, "--item", flags->items, "The items to score")->required();
}

}  // namespace ridgeline
