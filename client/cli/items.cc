#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/answer.h"
#include "client/cli/commands.h"
#include "client/cli/filter_flags.h"
#include "client/cli/format.h"

namespace ridgeline {
namespace {

constexpr char kListItemsExamples[] =
    "ridgeline items list\n"
    "ridgeline items list --tag-all Comedy --tag-none Horror --limit 20\n"
    "ridgeline items list --limit 1000000 --json > items.jsonl";
constexpr char kGetItemExamples[] = "ridgeline items get 1210";
constexpr char kDeleteItemExamples[] =
    "ridgeline items delete 1210     # its metadata; to hide it import it as unavailable";

struct ListItemsFlags {
  TagFlags tags;
  int64_t limit = 100;
};

void Add(const v1::Item& item, Output& output, Table& table) {
  if (output.json()) return output.PrintJson(item);
  table.AddRow({item.id(), item.title(), absl::StrJoin(item.tags(), ", "), item.available() ? "" : "no"});
}

absl::Status ListItems(const ListItemsFlags& flags, Session& session) {
  Table table({{"ITEM"}, {"TITLE", Table::Align::kLeft, kMaxTitleWidth}, {"TAGS"}, {"AVAILABLE"}});
  v1::ListItemsRequest request;
  if (!flags.tags.empty()) {
    absl::Status status = ReadTagFilter(flags.tags, session.input, *request.mutable_tags());
    if (!status.ok()) return status;
  }
  int64_t left = flags.limit;
  do {
    request.set_page_size(PageSize(left));
    const absl::StatusOr<v1::ListItemsResponse> page = session.client.ListItems(request);
    if (!page.ok()) return page.status();
    for (const v1::Item& item : page->items()) Add(item, session.output, table);
    left -= page->items_size();
    request.set_page_token(page->next_page_token());
  } while (left > 0 && !request.page_token().empty());
  if (!session.output.json()) session.output.PrintTable(table, "no item");
  if (!request.page_token().empty()) session.output.Note("there are more: raise --limit");
  return absl::OkStatus();
}

absl::Status GetItem(const std::string& id, Session& session) {
  v1::GetItemRequest request;
  request.set_item_id(id);
  const absl::StatusOr<v1::Item> item = session.client.GetItem(request);
  if (!item.ok()) return item.status();
  if (session.output.json()) return session.output.PrintJson(*item), absl::OkStatus();
  Table table = Table::OfProperties();
  table.AddRow({"item", item->id()});
  table.AddRow({"title", item->title()});
  table.AddRow({"tags", absl::StrJoin(item->tags(), ", ")});
  table.AddRow({"available", item->available() ? "yes" : "no"});
  for (const auto& [key, value] : item->attributes()) table.AddRow({key, value});
  table.AddRow({"updated", FormatTimestamp(item->update_time())});
  session.output.PrintTable(table, "");
  return absl::OkStatus();
}

absl::Status DeleteItem(const std::string& id, Session& session) {
  v1::DeleteItemRequest request;
  request.set_item_id(id);
  const absl::StatusOr<v1::DeleteItemResponse> response = session.client.DeleteItem(request);
  if (!response.ok()) return response.status();
  if (session.output.json()) return session.output.PrintJson(*response), absl::OkStatus();
  session.output.PrintLine(absl::StrCat("deleted ", id, " from the catalogue"));
  return absl::OkStatus();
}

void AddListItems(CommandScope scope) {
  auto flags = std::make_shared<ListItemsFlags>();
  CLI::App& command = AddCommand(scope, "list", "Print items in the order of their ids", kListItemsExamples,
                                 [flags](Session& session) { return ListItems(*flags, session); });
  AddTagFlags(command, flags->tags);
  AddLimitFlag(command, flags->limit);
}

void AddOfOne(CommandScope scope, const char* name, const char* description, const char* examples,
              absl::Status (*run)(const std::string&, Session&)) {
  auto id = std::make_shared<std::string>();
  CLI::App& command = AddCommand(scope, name, description, examples,
                                 [id, run](Session& session) { return run(*id, session); });
  command.add_option("ID", *id, "The item")->required();
}

}  // namespace

void AddItemsCommands(CommandScope scope) {
  const CommandScope group = AddCommandGroup(scope, "items", "Keep the catalogue of items");
  AddItemsImportCommand(group);
  AddListItems(group);
  AddOfOne(group, "get", "Print one item", kGetItemExamples, GetItem);
  AddOfOne(group, "delete", "Remove an item's metadata from the catalogue", kDeleteItemExamples, DeleteItem);
}

}  // namespace ridgeline
