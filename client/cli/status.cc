#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/format.h"
#include "client/cli/model_table.h"

namespace ridgeline {
namespace {

constexpr char kStatusExamples[] = "ridgeline status\nridgeline status --json | jq .live_model.version";
constexpr char kHealthExamples[] =
    "ridgeline health && echo ready\n"
    "ridgeline health ridgeline.v1.RecommendationService";

void AddLiveModel(const v1::ServerStatus& status, Table& table) {
  if (!status.has_live_model()) return table.AddRow({"live model", "none: run `ridgeline train`"});
  const v1::Model& model = status.live_model();
  table.AddRow({"live model", absl::StrCat(model.version(), " (", model.algorithm(), ", ",
                                           model.hyperparameters().factors(), " factors, ",
                                           FormatSpan(status.model_age()), " old)")});
  table.AddRow(
      {"trained on", absl::StrCat(FormatCount(model.user_count(), "user", "users"), ", ",
                                  FormatCount(model.item_count(), "item", "items"), ", ",
                                  FormatCount(model.interaction_count(), "interaction", "interactions"))});
}

void Print(const v1::ServerStatus& status, Output& output) {
  if (output.json()) return output.PrintJson(status);
  Table table = Table::OfProperties();
  table.AddRow({"server",
                absl::StrCat("ridgeline ", status.software_version(), ", up ", FormatSpan(status.uptime()))});
  AddLiveModel(status, table);
  if (status.has_experiment()) table.AddRow({"experiment", DescribeExperiment(status.experiment())});
  table.AddRow({"kept models", FormatCount(status.model_count())});
  table.AddRow(
      {"recorded", absl::StrCat(FormatCount(status.interaction_count(), "interaction", "interactions"),
                                " of ", FormatCount(status.user_count(), "user", "users"), ", last sequence ",
                                status.last_sequence())});
  table.AddRow({"catalogue", FormatCount(status.catalog_item_count(), "item", "items")});
  if (status.has_latest_training()) {
    const v1::Training& training = status.latest_training();
    table.AddRow({"latest training", absl::StrCat(training.id(), " ", DescribeTraining(training))});
  }
  output.PrintTable(table, "");
}

absl::Status RunStatus(Session& session) {
  const absl::StatusOr<v1::ServerStatus> status = session.client.GetServerStatus({});
  if (!status.ok()) return status.status();
  Print(*status, session.output);
  return absl::OkStatus();
}

absl::Status RunHealth(const std::string& service, Session& session) {
  const absl::StatusOr<std::string> health = session.client.CheckHealth(service);
  if (!health.ok()) return health.status();
  session.output.PrintLine(session.output.json() ? absl::StrCat(R"({"status":")", *health, R"("})")
                                                 : *health);
  return *health == "SERVING" ? absl::OkStatus() : absl::FailedPreconditionError("the server does not serve");
}

}  // namespace

void AddStatusCommands(CommandScope scope) {
  AddCommand(scope, "status", "Print what the server runs, serves and holds", kStatusExamples, RunStatus);
  auto service = std::make_shared<std::string>();
  AddCommand(scope, "health", "Exit with 0 if the server can answer calls (gRPC health check)",
             kHealthExamples, [service](Session& session) { return RunHealth(*service, session); })
      .add_option("SERVICE", *service, "Full name of one service; default the whole server");
}

}  // namespace ridgeline
