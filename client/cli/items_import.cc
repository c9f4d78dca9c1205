#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cli/commands.h"
#include "client/cli/format.h"
#include "client/cli/progress.h"
#include "core/catalog/item_reader.h"

namespace ridgeline {
namespace {

constexpr char kItemsImportExamples[] =
    "ridgeline items import movies.csv                # id,title,tags separated by |, with or without a "
    "header\n"
    "ridgeline items import movies.dat                # MovieLens' id::title::tags\n"
    "ridgeline items import items.jsonl.gz --max-bad-lines 5";

struct ItemsImportFlags {
  std::string path;
  ItemReaderOptions reader;
  int batch = 1000;
};

v1::Item ToMessage(Item&& item) {
  v1::Item message;
  message.set_id(std::move(item.id));
  message.set_title(std::move(item.title));
  for (std::string& tag : item.tags) message.add_tags(std::move(tag));
  message.set_available(item.available);
  message.mutable_attributes()->insert(item.attributes.begin(), item.attributes.end());
  return message;
}

// Upserts items in batches.
class Upserter {
 public:
  // `session` must outlive the object; `total` items are expected.
  Upserter(Session& session, int batch, int64_t total)
      : session_(session), batch_(batch), progress_(session.output, total, absl::Now) {}

  absl::Status Add(Item&& item) {
    *request_.add_items() = ToMessage(std::move(item));
    return request_.items_size() < batch_ ? absl::OkStatus() : Flush();
  }

  // Sends what is left of the last batch.
  absl::Status Flush() {
    if (request_.items_size() == 0) return absl::OkStatus();
    const absl::StatusOr<v1::UpsertItemsResponse> response = session_.client.UpsertItems(request_);
    if (!response.ok()) return response.status();
    sent_ += request_.items_size();
    upserted_.set_upserted_count(upserted_.upserted_count() + response->upserted_count());
    request_.Clear();
    progress_.Update(sent_);
    return absl::OkStatus();
  }

  // The answers to all batches, added up.
  const v1::UpsertItemsResponse& upserted() const { return upserted_; }

 private:
  Session& session_;
  const int batch_;
  Progress progress_;
  int64_t sent_ = 0;
  v1::UpsertItemsRequest request_;
  v1::UpsertItemsResponse upserted_;
};

// The whole file is read before anything is sent: a bad line then leaves the catalogue as it was.
absl::StatusOr<int64_t> CheckFile(const ItemsImportFlags& flags, Output& output) {
  const absl::StatusOr<ItemReadReport> report =
      ReadItems(flags.path, flags.reader, [](Item&&) { return absl::OkStatus(); });
  if (!report.ok()) return report.status();
  for (const std::string& message : report->bad_line_messages) output.Note(absl::StrCat("skipped ", message));
  if (report->bad_lines > 0)
    output.Note(absl::StrCat(FormatCount(report->bad_lines, "line", "lines"), " skipped"));
  return report->items;
}

absl::Status Run(const ItemsImportFlags& flags, Session& session) {
  const absl::StatusOr<int64_t> total = CheckFile(flags, session.output);
  if (!total.ok()) return total.status();
  Upserter upserter(session, flags.batch, *total);
  const absl::StatusOr<ItemReadReport> report =
      ReadItems(flags.path, flags.reader, [&](Item&& item) { return upserter.Add(std::move(item)); });
  if (!report.ok()) return report.status();
  absl::Status status = upserter.Flush();
  if (!status.ok()) return status;
  if (session.output.json()) return session.output.PrintJson(upserter.upserted()), absl::OkStatus();
  session.output.PrintLine(absl::StrCat(
      "imported ", FormatCount(upserter.upserted().upserted_count(), "item", "items"), " from ", flags.path));
  return absl::OkStatus();
}

}  // namespace

void AddItemsImportCommand(CommandScope scope) {
  auto flags = std::make_shared<ItemsImportFlags>();
  CLI::App& command =
      AddCommand(scope, "import", "Insert or replace the items of a file", kItemsImportExamples,
                 [flags](Session& session) { return Run(*flags, session); });
  command.add_option("FILE", flags->path, "The file, plain or compressed with gzip or zstd")->required();
  command
      .add_option("--max-bad-lines", flags->reader.max_bad_lines,
                  "How many unreadable lines to skip; default 0")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  command.add_option("--batch", flags->batch, "Items a call, 1 to 10000; default 1000")
      ->check(CLI::Range(1, 10000))
      ->type_name("N");
}

}  // namespace ridgeline
