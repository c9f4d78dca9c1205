#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/cli/commands.h"
#include "client/cli/exit_code.h"
#include "client/cli/format.h"
#include "client/cli/id_list.h"
#include "client/cli/proto_time.h"

namespace ridgeline {
namespace {

constexpr char kRecordExamples[] =
    "ridgeline record --user 42 --item libssl3\n"
    "ridgeline record --user 42 --item 1210 --value 4.5 --time 2026-01-31T12:00:00Z\n"
    "ridgeline record --user 42 --item 1210,260 --event-type purchase --recommendation-id ID";

struct RecordFlags {
  std::string user;
  std::vector<std::string> items;
  std::optional<float> value;
  std::string time;
  std::string event_id;
  std::string event_type;
  std::string recommendation_id;
};

void DeclareFlags(CLI::App& command, RecordFlags& flags) {
  command.add_option("-u,--user", flags.user, "Who did it")->type_name("ID")->required();
  AddListFlag(command, "--item", flags.items, "With which items")->required();
  command.add_option("--value", flags.value, "The rating, or the weight of the event; default 1");
  command.add_option("--time", flags.time, "When: RFC 3339 or Unix seconds; default now")->type_name("TIME");
  command.add_option("--event-id", flags.event_id, "Makes it safe to run this again; one item only")
      ->type_name("ID");
  command.add_option("--event-type", flags.event_type, "What kind of event it was, e.g. purchase");
  command.add_option("--recommendation-id", flags.recommendation_id, "The answer that led to it")
      ->type_name("ID");
}

absl::StatusOr<v1::Interaction> Template(const RecordFlags& flags) {
  v1::Interaction interaction;
  interaction.set_user_id(flags.user);
  if (flags.value.has_value()) interaction.set_value(*flags.value);
  interaction.set_event_id(flags.event_id);
  interaction.set_event_type(flags.event_type);
  interaction.set_recommendation_id(flags.recommendation_id);
  if (flags.time.empty()) return interaction;
  const absl::optional<absl::Time> time = ParseTimeFlag(flags.time);
  if (!time.has_value()) return UsageError(absl::StrCat("--time: not a time: ", flags.time));
  *interaction.mutable_time() = ToTimestamp(*time);
  return interaction;
}

absl::Status Run(const RecordFlags& flags, Session& session) {
  const absl::StatusOr<v1::Interaction> shared = Template(flags);
  if (!shared.ok()) return shared.status();
  const absl::StatusOr<std::vector<std::string>> items = ReadLists(flags.items, session.input);
  if (!items.ok()) return items.status();
  if (items->empty()) return UsageError("--item: names no item");
  if (items->size() > 1 && !flags.event_id.empty())
    return UsageError("--event-id: names one item's event, not several");
  v1::RecordInteractionsRequest request;
  for (const std::string& item : *items) {
    v1::Interaction* interaction = request.add_interactions();
    *interaction = *shared;
    interaction->set_item_id(item);
  }
  const absl::StatusOr<v1::RecordInteractionsResponse> response =
      session.client.RecordInteractions(std::move(request));
  if (!response.ok()) return response.status();
  if (session.output.json()) return session.output.PrintJson(*response), absl::OkStatus();
  session.output.PrintLine(
      absl::StrCat("recorded ", FormatCount(response->recorded_count(), "interaction", "interactions"), ", ",
                   FormatCount(response->duplicate_count(), "duplicate", "duplicates")));
  return absl::OkStatus();
}

}  // namespace

void AddRecordCommand(CommandScope scope) {
  auto flags = std::make_shared<RecordFlags>();
  CLI::App& command = AddCommand(scope, "record", "Record what a user did; the next call heeds it",
                                 kRecordExamples, [flags](Session& session) { return Run(*flags, session); });
  DeclareFlags(command, *flags);
}

}  // namespace ridgeline
