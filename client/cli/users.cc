#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/format.h"

namespace ridgeline {
namespace {

constexpr char kDeleteUserExamples[] = "ridgeline users delete 42";
constexpr char kInteractionsExamples[] =
    "ridgeline users interactions 42\n"
    "ridgeline users interactions 42 --limit 10000 --json";

struct ListInteractionsFlags {
  std::string user;
  int64_t limit = 100;
};

absl::Status DeleteUser(const std::string& user, Session& session) {
  v1::DeleteUserRequest request;
  request.set_user_id(user);
  const absl::StatusOr<v1::DeleteUserResponse> response = session.client.DeleteUser(request);
  if (!response.ok()) return response.status();
  if (session.output.json()) return session.output.PrintJson(*response), absl::OkStatus();
  session.output.PrintLine(absl::StrCat(
      "erased ", FormatCount(response->deleted_interaction_count(), "interaction", "interactions"), " of ",
      user));
  return absl::OkStatus();
}

void Add(const v1::Interaction& interaction, Output& output, Table& table) {
  if (output.json()) return output.PrintJson(interaction);
  table.AddRow({absl::StrCat(interaction.sequence()), interaction.item_id(),
                FormatFigure(interaction.value()), FormatTimestamp(interaction.time()),
                interaction.event_type(), interaction.event_id()});
}

absl::Status ListInteractions(const ListInteractionsFlags& flags, Session& session) {
  Table table({{"SEQUENCE", Table::Align::kRight},
               {"ITEM"},
               {"VALUE", Table::Align::kRight},
               {"TIME"},
               {"TYPE"},
               {"EVENT ID"}});
  v1::ListInteractionsRequest request;
  request.set_user_id(flags.user);
  int64_t left = flags.limit;
  do {
    request.set_page_size(PageSize(left));
    const absl::StatusOr<v1::ListInteractionsResponse> page = session.client.ListInteractions(request);
    if (!page.ok()) return page.status();
    for (const v1::Interaction& interaction : page->interactions()) Add(interaction, session.output, table);
    left -= page->interactions_size();
    request.set_page_token(page->next_page_token());
  } while (left > 0 && !request.page_token().empty());
  if (!session.output.json()) session.output.PrintTable(table, "nothing is recorded of this user");
  if (!request.page_token().empty()) session.output.Note("there are more: raise --limit");
  return absl::OkStatus();
}

void AddDeleteUser(CommandScope scope) {
  auto user = std::make_shared<std::string>();
  CLI::App& command = AddCommand(scope, "delete", "Erase all interactions of a user", kDeleteUserExamples,
                                 [user](Session& session) { return DeleteUser(*user, session); });
  command.add_option("ID", *user, "The user")->required();
}

void AddInteractions(CommandScope scope) {
  auto flags = std::make_shared<ListInteractionsFlags>();
  CLI::App& command = AddCommand(scope, "interactions", "Print what is recorded of a user, oldest first",
                                 kInteractionsExamples,
                                 [flags](Session& session) { return ListInteractions(*flags, session); });
  command.add_option("ID", flags->user, "The user")->required();
  AddLimitFlag(command, flags->limit);
}

}  // namespace

void AddUsersCommands(CommandScope scope) {
  const CommandScope group = AddCommandGroup(scope, "users", "See or erase what is recorded of users");
  AddInteractions(group);
  AddDeleteUser(group);
}

}  // namespace ridgeline
