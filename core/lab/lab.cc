#include "core/lab/lab.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "core/lab/cold_items_command.h"
#include "core/lab/convert_command.h"
#include "core/lab/evaluate_command.h"
#include "core/lab/generate_command.h"
#include "core/lab/inspect_command.h"
#include "core/lab/recommend_all_command.h"
#include "core/lab/retrieve_command.h"
#include "core/lab/train_command.h"
#include "core/lab/tune_command.h"

namespace ridgeline {
namespace {

// "bias_regularization: must ..." -> "--bias-regularization: must ...": a field of the options is a flag
// here.
std::string FlagMessage(absl::string_view message) {
  const absl::string_view field = message.substr(0, message.find(':'));
  for (char c : field) {
    if (!absl::ascii_islower(c) && c != '_') return std::string(message);
  }
  return absl::StrCat("--", absl::StrReplaceAll(field, {{"_", "-"}}), message.substr(field.size()));
}

int RunCommand(Command& command, const Console& console) {
  const absl::Status valid = command.Validate();
  if (!valid.ok()) {
    console.err << "ridgeline-lab: " << FlagMessage(valid.message()) << "\n";
    return kExitUsage;
  }
  const absl::Status status = command.Run(console);
  console.out.flush();
  if (status.ok() && console.out.good()) return kExitOk;
  const std::string problem = status.ok() ? "cannot write the output" : std::string(status.message());
  console.err << "ridgeline-lab: " << problem << "\n";
  return kExitFailure;
}

// The library reports by exceptions; they end here.
int Parse(CLI::App& app, int argc, const char* const* argv, const Console& console) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error, console.out, console.err) == 0 ? kExitOk : kExitUsage;
  }
  return -1;
}

}  // namespace

int RunLab(int argc, const char* const* argv, const Console& console) {
  CLI::App app("Trains and measures recommendation models on files, without a network.", "ridgeline-lab");
  app.require_subcommand(1);
  std::vector<std::pair<CLI::App*, std::unique_ptr<Command>>> commands;
  for (auto add :
       {AddEvaluateCommand, AddTrainCommand, AddTuneCommand, AddColdItemsCommand, AddConvertCommand,
        AddGenerateCommand, AddInspectCommand, AddRecommendAllCommand, AddRetrieveCommand}) {
    std::unique_ptr<Command> command = add(app);
    commands.emplace_back(app.get_subcommands({}).back(), std::move(command));
  }
  const int parsed = Parse(app, argc, argv, console);
  if (parsed >= 0) return parsed;
  for (const auto& [subcommand, command] : commands) {
    if (subcommand->parsed()) return RunCommand(*command, console);
  }
  return kExitUsage;
}

}  // namespace ridgeline
