#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/cli/answer.h"
#include "client/cli/commands.h"
#include "client/cli/exit_code.h"
#include "client/cli/filter_flags.h"
#include "client/cli/format.h"

namespace ridgeline {
namespace {

constexpr char kSimilarExamples[] =
    "ridgeline similar libssl3 -k 20\n"
    "ridgeline similar 1210 --tag-any Sci-Fi,Fantasy --exclude 260\n"
    "ridgeline similar --user 42";

struct SimilarFlags {
  std::optional<std::string> item;
  std::optional<std::string> user;
  std::optional<int32_t> k;
  FilterFlags filter;
};

absl::Status PrintSimilarItems(const SimilarFlags& flags, Session& session) {
  v1::SimilarItemsRequest request;
  request.set_item_id(*flags.item);
  if (flags.k.has_value()) request.set_k(*flags.k);
  if (!flags.filter.empty()) {
    absl::Status status = ReadItemFilter(flags.filter, session.input, *request.mutable_filter());
    if (!status.ok()) return status;
  }
  const absl::StatusOr<v1::SimilarItemsResponse> response = session.client.SimilarItems(request);
  if (!response.ok()) return response.status();
  if (session.output.json()) return session.output.PrintJson(*response), absl::OkStatus();
  Table table({{"ITEM"}, {"TITLE", Table::Align::kLeft, kMaxTitleWidth}, {"COSINE", Table::Align::kRight}});
  for (const v1::SimilarItem& item : response->items()) {
    table.AddRow({item.item_id(), item.title(), FormatScore(item.similarity())});
  }
  session.output.PrintTable(table, "no item passes the filters");
  session.output.PrintLine(absl::StrCat("by model ", response->model_version()));
  NoteUnknownItems(response->unknown_item_ids(), response->unknown_item_ids_size(), session.output);
  return absl::OkStatus();
}

absl::Status PrintSimilarUsers(const SimilarFlags& flags, Session& session) {
  if (!flags.filter.empty()) return UsageError("similar --user: filters are for items");
  v1::SimilarUsersRequest request;
  request.set_user_id(*flags.user);
  if (flags.k.has_value()) request.set_k(*flags.k);
  const absl::StatusOr<v1::SimilarUsersResponse> response = session.client.SimilarUsers(request);
  if (!response.ok()) return response.status();
  if (session.output.json()) return session.output.PrintJson(*response), absl::OkStatus();
  Table table({{"USER"}, {"COSINE", Table::Align::kRight}});
  for (const v1::SimilarUser& user : response->users()) {
    table.AddRow({user.user_id(), FormatScore(user.similarity())});
  }
  session.output.PrintTable(table, "no other user is known");
  session.output.PrintLine(Provenance(response->source(), response->model_version()));
  return absl::OkStatus();
}

absl::Status Run(const SimilarFlags& flags, Session& session) {
  if (flags.item.has_value() == flags.user.has_value())
    return UsageError("similar: give either ITEM or --user ID");
  return flags.item.has_value() ? PrintSimilarItems(flags, session) : PrintSimilarUsers(flags, session);
}

}  // namespace

void AddSimilarCommand(CommandScope scope) {
  auto flags = std::make_shared<SimilarFlags>();
  CLI::App& command =
      AddCommand(scope, "similar", "Print the items nearest to an item, or the users nearest to a user",
                 kSimilarExamples, [flags](Session& session) { return Run(*flags, session); });
  command.add_option("ITEM", flags->item, "The item to start from");
  command.add_option("-u,--user", flags->user, "The user to start from")->type_name("ID");
  command.add_option("-k,--k", flags->k, "How many to return; default 10")->type_name("N");
  AddFilterFlags(command, flags->filter);
}

}  // namespace ridgeline
