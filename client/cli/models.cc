#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/format.h"
#include "client/cli/model_table.h"

namespace ridgeline {
namespace {

constexpr char kListModelsExamples[] = "ridgeline models list\nridgeline models list --json";
constexpr char kGetModelExamples[] =
    "ridgeline models get             # the live one\nridgeline models get v000003";
constexpr char kActivateModelExamples[] = "ridgeline models activate v000003     # roll back or forward";

// The figure of a model's validation, whichever its kind of feedback has.
std::string Quality(const v1::Model& model) {
  for (const char* name : {"ndcg@20", "rmse"}) {
    const auto metric = model.metrics().find(absl::StrCat("validation_", name));
    if (metric != model.metrics().end()) return absl::StrCat(name, " ", FormatFigure(metric->second));
  }
  return "";
}

std::string State(const v1::Model& model) {
  if (model.live()) return "live";
  return model.held_back_reason().empty() ? "" : "held back";
}

void Add(const v1::Model& model, Output& output, Table& table) {
  if (output.json()) return output.PrintJson(model);
  const v1::Hyperparameters& h = model.hyperparameters();
  table.AddRow({model.version(), State(model), model.algorithm(),
                FormatEnum(v1::FeedbackKind_Name(h.feedback_kind()), "FEEDBACK_KIND_"),
                absl::StrCat(h.factors()), FormatCount(model.user_count()), FormatCount(model.item_count()),
                FormatCount(model.interaction_count()), FormatTimestamp(model.create_time()),
                Quality(model)});
}

absl::Status ListModels(int64_t limit, Session& session) {
  constexpr Table::Align kRight = Table::Align::kRight;
  Table table({{"VERSION"},
               {"STATE"},
               {"ALGORITHM"},
               {"FEEDBACK"},
               {"FACTORS", kRight},
               {"USERS", kRight},
               {"ITEMS", kRight},
               {"INTERACTIONS", kRight},
               {"CREATED"},
               {"VALIDATION"}});
  v1::ListModelsRequest request;
  do {
    request.set_page_size(PageSize(limit));
    const absl::StatusOr<v1::ListModelsResponse> page = session.client.ListModels(request);
    if (!page.ok()) return page.status();
    for (const v1::Model& model : page->models()) Add(model, session.output, table);
    limit -= page->models_size();
    request.set_page_token(page->next_page_token());
  } while (limit > 0 && !request.page_token().empty());
  if (!session.output.json()) session.output.PrintTable(table, "no model yet: run `ridgeline train`");
  return absl::OkStatus();
}

absl::Status PrintModel(const absl::StatusOr<v1::Model>& model, Session& session) {
  if (!model.ok()) return model.status();
  if (session.output.json()) return session.output.PrintJson(*model), absl::OkStatus();
  Table table = Table::OfProperties();
  AddModelProperties(*model, table);
  session.output.PrintTable(table, "");
  return absl::OkStatus();
}

absl::Status GetModel(const std::string& version, Session& session) {
  v1::GetModelRequest request;
  request.set_version(version);
  return PrintModel(session.client.GetModel(request), session);
}

absl::Status ActivateModel(const std::string& version, Session& session) {
  v1::ActivateModelRequest request;
  request.set_version(version);
  const absl::StatusOr<v1::Model> model = session.client.ActivateModel(request);
  if (!model.ok() || session.output.json()) return PrintModel(model, session);
  session.output.PrintLine(absl::StrCat("model ", model->version(), " is live"));
  return absl::OkStatus();
}

void AddListModels(CommandScope scope) {
  auto limit = std::make_shared<int64_t>(100);
  CLI::App& command = AddCommand(scope, "list", "Print the kept models, newest first", kListModelsExamples,
                                 [limit](Session& session) { return ListModels(*limit, session); });
  AddLimitFlag(command, *limit);
}

}  // namespace

void AddModelsCommands(CommandScope scope) {
  const CommandScope group = AddCommandGroup(scope, "models", "See the kept models and choose the live one");
  AddListModels(group);
  auto version = std::make_shared<std::string>();
  AddCommand(group, "get", "Print one model with its hyperparameters and metrics", kGetModelExamples,
             [version](Session& session) { return GetModel(*version, session); })
      .add_option("VERSION", *version, "The model; default the live one");
  AddCommand(group, "activate", "Make a kept model the live one", kActivateModelExamples,
             [version](Session& session) { return ActivateModel(*version, session); })
      .add_option("VERSION", *version, "The model")
      ->required();
  AddSplitCommand(group);
}

}  // namespace ridgeline
